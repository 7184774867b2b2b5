// The types that `keyward types` writes, with the compiler of TypeScript. In: the command, the five policies. Out: whether what
// is right compiles and what is wrong does not. Refuses to run what it compiles.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../../..");
const command = process.env.KEYWARD_COMMAND ?? join(root, "target/debug/keyward");
const policies = ["access", "pickup", "field_swap", "after_hours", "login"];

const USE = `
import { load } from "../runtime/dist/types/index.js";
import type { FieldSwap, FieldSwapRequest } from "./field_swap.js";

const policy = await load<FieldSwap>("field_swap.wasm");
declare const request: FieldSwapRequest;
const { answers, status } = policy.decide(request);
const access: "refused" | "allowed" = answers.access;
const said: string = status;
policy.decide(request, { decision: "swap" }).answers.access satisfies string;
policy.partial({ ...request, "actor.role": undefined });
// @ts-expect-error there is no such answer
answers.nothing;
// @ts-expect-error there is no such decision
policy.decide(request, { decision: "pickup" });
// @ts-expect-error there is no such value
policy.decide({ ...request, "actor.role": "nobody" });
// @ts-expect-error another type
policy.decide({ ...request, "actor.suspended": "no" });
// @ts-expect-error an input is forgotten
policy.decide({ "actor.suspended": true });
// @ts-expect-error there is no such input
policy.decide({ ...request, actor: true } satisfies FieldSwapRequest);
export { access, said };
`;

test("types compile, and hold a program to the policy", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(import.meta.dirname, "../.types-"));
  try {
    for (const name of policies) {
      const text = execFileSync(command, ["types", join(root, `policies/${name}/${name}.ward`)], { encoding: "utf8" });
      writeFileSync(join(folder, `${name}.d.ts`), text);
    }
    const compile = (text) => {
      writeFileSync(join(folder, "use.ts"), text);
      const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom", "--skipLibCheck", "false", "--types", "node", "--ignoreConfig"];
      const files = [join(folder, "use.ts"), ...policies.map((name) => join(folder, `${name}.d.ts`))];
      return spawnSync(process.execPath, [join(root, "bindings/js/node_modules/typescript/bin/tsc"), ...options, ...files], { encoding: "utf8" });
    };
    const { stdout, status } = compile(USE);
    assert.equal(status, 0, stdout);
    assert.notEqual(compile(USE.replace('"refused" | "allowed"', '"refused"')).status, 0, "Q1: a wrong program is seen");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
