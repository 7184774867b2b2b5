// A compiler that breaks off in the middle: on a stack that is nearly used up it runs out of it. In: the built package. Out:
// how often it broke off, and what it says afterwards, as JSON. Refuses to be the process of a test: code that has run for a
// while needs so little stack that there is no middle.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "../../compiler/dist/node.js";

const root = join(import.meta.dirname, "../../../..");
const files = Object.fromEntries(["words/words", "after_hours/after_hours"].map((name) => [name, readFileSync(join(root, `policies/${name}.ward`), "utf8")]));
const compiler = await load();
const older = compiler.project(files);
let broke = 0;
const deep = () => {
  try {
    deep();
  } catch {
    try {
      compiler.project(files).check("after_hours/after_hours");
    } catch (error) {
      broke += error.name === "CompilerError" ? 1 : 0;
      throw error;
    }
  }
};
try {
  deep();
} catch {
  // Not even the last one had room.
}
const [before, after] = [older, compiler.project(files)].map((project) => project.check("after_hours/after_hours"));
console.log(JSON.stringify({ broke, before: before.errors, after: after.errors, asserts: [before.asserts.length, after.asserts.length] }));
