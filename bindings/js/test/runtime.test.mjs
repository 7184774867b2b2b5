// The runtime in Node: the conformance cases (P3), hostile modules and requests (P6, P9, B9), and civil time. In: the built
// packages and the modules in target. Refuses to know how the packages are made.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as lean from "../runtime/dist/lean.js";
import * as runtime from "../runtime/dist/node.js";
import { check, sweep } from "./parts/conformance.mjs";
import * as hostile from "./parts/hostile.mjs";

const root = join(import.meta.dirname, "../../..");
const cases = join(root, "tests/conformance");
const modules = join(root, "target/conformance");
const bytesOf = (name) => new Uint8Array(readFileSync(join(modules, `${name}.wasm`)));
const names = readdirSync(cases).filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -6));
const frozen = Object.getOwnPropertyNames(Object.prototype).join();

async function all(doors, isLean) {
  let [count, wrong] = [0, []];
  for (const name of names) {
    assert.ok(existsSync(join(modules, `${name}.wasm`)), `${name}.wasm is missing: cargo test -p keyward-tests --test conformance`);
    const text = readFileSync(join(cases, `${name}.jsonl`), "utf8");
    const found = await check(doors, text, bytesOf(name), isLean);
    count += found.count;
    wrong.push(...found.wrong.map((why) => `${name}: ${why}`));
  }
  assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} differences`);
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), frozen, "B9: nothing is added to every object");
  return count;
}

test("p3 conformance: the runtime answers what the evaluator answers", async (t) => {
  const count = await all(runtime, false);
  t.diagnostic(`${count} cases`);
  assert.ok(count >= 1_500);
});

test("p3 conformance: the light door decides alike", async (t) => {
  const count = await all({ load: lean.load, parse: JSON.parse }, true);
  t.diagnostic(`${count} cases`);
  assert.ok(count >= 1_500);
});

test("q1: a wrong expectation is seen", async () => {
  const text = readFileSync(join(cases, "after_hours.jsonl"), "utf8");
  for (const [from, to] of [
    ['"status":"ok"', '"status":"unsure-missing"'],
    ['"access":"allowed"', '"access":"refused"'],
    ['"because":["', '"because":["no_such_rule","'],
    ['"blank":false', '"blank":true'],
  ]) {
    const { wrong } = await check(runtime, text.replace(from, to), bytesOf("after_hours"));
    assert.equal(wrong.length, 1, `${from} → ${to}`);
  }
});

test("p3 civil time: instants around every change of forty zones", (t) => {
  const zones = JSON.parse(readFileSync(join(cases, "zones.json"), "utf8"));
  const wrong = sweep(runtime.civil, zones);
  assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} differences`);
  t.diagnostic(`${Object.keys(zones).length} zones`);
  const [name] = Object.keys(zones).slice(1);
  zones[name][3][1] += 60;
  assert.ok(sweep(runtime.civil, zones).length > 0, "Q1: a wrong change is seen");
});

const OWN = +/LOOP_FUNCTIONS = (\d+)/.exec(readFileSync(join(import.meta.dirname, "../runtime/dist/loop.txt"), "utf8"))[1];

test("p6 hostile modules are refused by name, before they run", async (t) => {
  const good = bytesOf("after_hours");
  const list = hostile.modules(good, OWN);
  const codes = {};
  for (const [name, bytes] of list) {
    const error = await runtime.load(bytes).then(() => undefined, (error) => error);
    assert.equal(error?.name, "LoadError", `${name} is ${error ?? "taken"}`);
    codes[error.code] = (codes[error.code] ?? 0) + 1;
  }
  t.diagnostic(`${list.length} modules: ${JSON.stringify(codes)}`);
  assert.ok(list.length >= 300);
  assert.deepEqual(hostile.assemble(hostile.sections(good)), good, "what is taken apart can be put together");
  await runtime.load(good);
});

test("p6 p7 changed bytes are refused or decide something and end; with a digest all are refused", async (t) => {
  const good = bytesOf("after_hours");
  const { digest } = await runtime.load(good);
  const random = hostile.sequence(7);
  const next = (end) => random.next().value % end;
  let [refused, ran] = [0, 0];
  for (let round = 0; round < 300; round++) {
    const bytes = good.slice();
    bytes[next(bytes.length)] ^= 1 + next(255);
    await assert.rejects(runtime.load(bytes, { digest }), { name: "LoadError" });
    const policy = await runtime.load(bytes).catch((error) => assert.equal(error.name, "LoadError", error.stack));
    if (!policy) {
      refused++;
      continue;
    }
    ran++;
    for (const call of [() => policy.decide({}), () => policy.why({}), () => policy.partial({}), () => policy.decide({}, { unsure: true })]) {
      try {
        call();
      } catch (error) {
        assert.match(error.name, /^(RequestError|DecideError)$/, error.stack);
      }
    }
  }
  t.diagnostic(`${refused} refused, ${ran} ran`);
  assert.ok(refused > 100);
});

test("b9 hostile requests are errors of their own kind and change nothing", async () => {
  const policy = await runtime.load(bytesOf("hand"));
  const plain = JSON.parse(readFileSync(join(cases, "hand.jsonl"), "utf8").split("\n")[1]).request;
  const before = JSON.stringify(policy.why(plain));
  const refused = (request, code, options) => {
    assert.throws(() => policy.decide(request, options), (error) => {
      assert.equal(error.name, "RequestError", error.stack);
      assert.equal(error.code, code);
      return true;
    });
    assert.equal(policy.decide(request, { unsure: true, ...options }).status, "unsure-invalid");
  };
  for (const nothing of [null, undefined, 1, "x", true, [], [plain], Symbol("x"), 1n, () => {}]) refused(nothing, "KW504");
  for (const [key, value, code] of [
    ["count", NaN, "KW502"], ["count", Infinity, "KW502"], ["count", -0, "KW503"], ["count", 2 ** 53 - 1, "KW503"], ["count", 2 ** 53 + 1, "KW503"],
    ["count", 1n, "KW502"], ["count", new Number(1), "KW502"], ["count", "1", "KW502"], ["count", { valueOf: () => 1 }, "KW502"],
    ["who", "\ud800", "KW502"], ["who", "a\udc00b", "KW502"], ["who", new String("x"), "KW502"], ["who", Symbol("x"), "KW502"],
    ["choice", "__proto__", "KW503"], ["choice", "constructor", "KW503"], ["choice", { toString: () => "red" }, "KW502"],
    ["several", new Set(["a"]), "KW502"], ["several", { length: 1, 0: "a" }, "KW502"], ["several", ["__proto__"], "KW503"], ["several", [, "a"], "KW502"],
    ["now", new Date(NaN), "KW502"], ["now", new Date(), "KW502"], ["on", new Boolean(true), "KW502"], ["on", 0, "KW502"],
    ["length", "9".repeat(400) + " minutes", "KW502"], ["born", "2026-01-01".padEnd(1e6, " "), "KW502"],
    ["once", "2026-12-25T23:30[" + "A/".repeat(1e5) + "]", "KW502"],
    ["__proto__", undefined, ""],
  ]) {
    if (code) refused({ ...plain, [key]: value }, code);
  }
  const own = (key, value) => Object.defineProperty({ ...plain }, key, { value, enumerable: true });
  for (const key of ["__proto__", "prototype", "hasOwnProperty", "toString", "valueOf", "then", "", "on ", "ON"]) refused(own(key, true), "KW501");
  refused({ ...plain, constructor: true }, "KW501");
  refused({ ...plain, constructor: { prototype: { polluted: true } } }, "KW501");
  // What is inherited is not given; what cannot be listed is not given.
  assert.equal(policy.decide(Object.create(plain)).status, "unsure-missing");
  assert.equal(policy.decide(Object.defineProperties({}, Object.getOwnPropertyDescriptors(plain))).status, "ok");
  const hidden = Object.defineProperty({ ...plain }, "on", { value: true, enumerable: false });
  assert.equal(policy.decide(hidden).status, policy.decide(Object.fromEntries(Object.entries(plain).filter(([key]) => key !== "on"))).status);
  Object.prototype.on = true;
  try {
    const { on, ...less } = plain;
    assert.equal(policy.partial(less).status, policy.partial(Object.assign(Object.create(null), less)).status);
    assert.equal(JSON.stringify(policy.why(plain)), before);
    assert.deepEqual({ ...policy.decide(less).answers }, { ...policy.decide(Object.assign(Object.create(null), less)).answers });
  } finally {
    delete Object.prototype.on;
  }
  // Getters that throw, that decide in turn, that change their mind; proxies.
  refused(Object.defineProperty({ ...plain }, "on", { enumerable: true, get: () => { throw new Error("no"); } }), "KW504");
  refused(new Proxy(plain, { ownKeys: () => { throw new Error("no"); } }), "KW504");
  const nested = Object.defineProperty({ ...plain }, "choice", { enumerable: true, get: () => policy.decide({ ...plain, on: false, count: 300 }) && "red" });
  assert.deepEqual({ ...policy.decide(nested).answers }, { ...policy.decide({ ...plain, choice: "red" }).answers });
  const array = Object.defineProperty(["a", "b"], 1, { get: () => policy.decide({ ...plain, on: false, count: 300 }) && "b" });
  refused({ ...plain, several: array }, "KW504");
  const date = new Date(0);
  date.valueOf = () => policy.decide({ ...plain, on: false }) && 0;
  refused({ ...plain, now: date }, "KW504", { zone: "UTC" });
  const duties = { get to_string() { return policy.decide({ ...plain, on: false }) && ["on"]; } };
  refused(plain, "KW504", { duties });
  assert.equal(policy.decide(new Proxy({ ...plain }, {})).status, policy.decide(plain).status);
  const round = { ...plain };
  round.constructor = { name: round };
  refused(round, "KW501");
  // Answers hold nothing that the policy does not say.
  const { answers } = policy.decide(plain);
  for (const key of ["constructor", "__proto__", "hasOwnProperty", "toString"]) assert.equal(answers[key], undefined, key);
  assert.equal(JSON.stringify(policy.why(plain)), before);
  assert.throws(() => runtime.parse(JSON.stringify("x".repeat(10 << 20))), { code: "KW504" });
  assert.throws(() => runtime.parse("[".repeat(65) + "]".repeat(65)), { code: "KW504" });
  assert.throws(() => policy.decide(plain, { decision: "__proto__" }), { code: "KW501" });
  for (const duties of [{ to_string: ["__proto__"] }, { same: [] }, { constructor: [] }]) refused(plain, "KW501", { duties });
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), frozen);
});

test("many modules in turn, many shapes of request: every answer stays the same", async () => {
  const list = await Promise.all(names.slice(0, 40).map(async (name) => {
    const [, ...lines] = readFileSync(join(cases, `${name}.jsonl`), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
    return { policy: await runtime.load(bytesOf(name)), lines: lines.filter((line) => line.request && !line.duties) };
  }));
  let count = 0;
  for (let round = 0; round < 30; round++) {
    for (const { policy, lines } of list) {
      for (const line of lines.slice(round % 5, (round % 5) + 4)) {
        const keys = Object.keys(line.request);
        const turned = Object.fromEntries([...keys.slice(round % keys.length), ...keys.slice(0, round % keys.length)].map((key) => [key, line.request[key]]));
        assert.equal(policy.decide(turned, { decision: line.decision }).status, line.status);
        count++;
      }
    }
  }
  assert.ok(count > 3_000);
});
