// What can be told without a browser: both catalogues say the same things, the page asks for no words that are missing, the second
// grammar knows the words of the first and reads every policy.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FluentResource } from "@fluent/bundle";
import { parser } from "../src/editor/grammar.js";

const root = join(import.meta.dirname, "../..");
const read = (path) => readFileSync(join(root, path), "utf8");
const found = (folder, end) => readdirSync(join(root, folder), { recursive: true }).filter((name) => name.endsWith(end)).map((name) => join(folder, name));
const ids = (language) => new FluentResource(read(`playground/locales/${language}.ftl`)).body.map(({ id }) => id);

/** The words that sources ask for; those put together from parts are listed by what they begin with. */
function asked() {
  const all = { whole: new Set(), begun: new Set() };
  for (const path of [...found("playground/src", ".tsx"), ...found("playground/src", ".ts")]) {
    const text = read(path);
    for (const [, name] of text.matchAll(/\bt\(\s*"([\w-]+)"/g)) all.whole.add(name);
    for (const [, name] of text.matchAll(/\bt\(\s*[^"`()]*\? "([\w-]+)" : "[\w-]+"/g)) all.whole.add(name);
    for (const [, name] of text.matchAll(/\bt\(\s*[^"`()]*\? "[\w-]+" : "([\w-]+)"/g)) all.whole.add(name);
    for (const [, name] of text.matchAll(/\bt\(\s*`([\w-]+)\$\{/g)) all.begun.add(name);
    for (const [, name] of text.matchAll(/ShareError\("([\w-]+)"\)|"(section-[\w]+)"/g)) all.whole.add(name ?? "share-damaged");
  }
  return all;
}

test("the catalogues have the same names, each once", () => {
  const [english, german] = [ids("en"), ids("de")];
  assert.equal(new Set(english).size, english.length);
  assert.deepEqual([...german].sort(), [...english].sort());
});

test("no words are missing, and none are left over", () => {
  const known = new Set(ids("en"));
  const { whole, begun } = asked();
  assert.deepEqual([...whole].filter((name) => !known.has(name)), []);
  for (const start of begun) assert.ok([...known].some((name) => name.startsWith(start)), start);
  const all = [...found("playground/src", ".tsx"), ...found("playground/src", ".ts")].map(read).join();
  const idle = [...known].filter((name) => !whole.has(name) && ![...begun].some((start) => name.startsWith(start)) && !all.includes(`"${name}"`));
  assert.deepEqual(idle, []);
});

test("the second grammar knows the same words as the first", () => {
  const table = [...read("engine/src/keywords.rs").matchAll(/^ {4}(item|word|free) "([a-z]+)"/gm)];
  const reserved = table.filter(([, kind]) => kind !== "free").map(([, , word]) => word).sort();
  const grammar = [...new Set([...read("playground/src/editor/ward.grammar").matchAll(/kw<"([a-z]+)">/g)].map(([, word]) => word))].sort();
  assert.deepEqual(grammar, reserved);
});

test("the second grammar reads every policy of the repository", () => {
  const files = [...found("policies", ".ward"), ...found("tests/corpus", ".ward")];
  assert.ok(files.length > 10);
  for (const path of files) {
    const mistakes = [];
    parser.parse(read(path)).iterate({ enter: (node) => void (node.type.isError && mistakes.push(node.from)) });
    if (path.startsWith("policies")) assert.deepEqual(mistakes, [], path);
  }
  const wrong = [];
  parser.parse("rule rule )").iterate({ enter: (node) => void (node.type.isError && wrong.push(node.from)) });
  assert.ok(wrong.length > 0, "a planted mistake is seen");
});
