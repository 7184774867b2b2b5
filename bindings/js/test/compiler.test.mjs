// The compiler in Node: the same bytes (P9) and the same findings as the `keyward` command, nothing thrown for a wrong policy,
// and a fresh start after a trap. In: the built package, the command. Refuses to know how the package is made.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { load } from "../compiler/dist/node.js";
import * as runtime from "../runtime/dist/node.js";

const root = join(import.meta.dirname, "../../..");
const cases = join(root, "tests/conformance");
const command = process.env.KEYWARD_COMMAND ?? join(root, "target/debug/keyward");
const text = (path) => readFileSync(join(root, path), "utf8");
const WORDS = "policies/words/words.ward";
const AFTER = "policies/after_hours/after_hours.ward";
const SWAP = "policies/field_swap/field_swap.ward";
const cli = (...words) => JSON.parse(spawnSync(command, [...words, "--format", "json"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }).stdout);
const sources = (...paths) => Object.fromEntries([WORDS, ...paths].map((path) => [path, text(path)]));
const value = (answer) => {
  assert.ok(answer.ok, JSON.stringify(answer, (_, one) => (typeof one === "bigint" ? `${one}` : one)));
  return answer.value;
};
let compiler;
before(async () => {
  compiler = await load();
});

test("p9 the compiler in JavaScript makes the same bytes", () => {
  let count = 0;
  for (const file of readdirSync(cases).filter((file) => file.endsWith(".jsonl"))) {
    const head = JSON.parse(readFileSync(join(cases, file), "utf8").split("\n", 1)[0]);
    const project = compiler.project(head.files ? Object.fromEntries(head.files.map((path) => [path, text(path)])) : { "main.ward": head.source });
    const { module } = value(project.build(head.files?.at(-1) ?? "main.ward"));
    assert.deepEqual(Buffer.from(module), readFileSync(join(root, "target/conformance", file.replace(".jsonl", ".wasm"))), file);
    project.free();
    count++;
  }
  assert.ok(count > 90, `${count} policies`);
});

test("what is checked is what the command says", () => {
  for (const path of [AFTER, SWAP, "policies/after_hours/strict.ward"]) {
    const files = path.includes("strict") ? sources(AFTER, path) : sources(path);
    const found = compiler.project(files).check(path);
    const { files: [expected], diagnostics } = cli("check", path);
    assert.equal(found.requests, BigInt(expected.valid_requests));
    assert.equal(typeof found.requests, "bigint");
    for (const key of ["policy", "version", "rules", "nodes", "errors", "warnings", "notes"]) assert.equal(found[key], expected[key], key);
    assert.deepEqual(found.diagnostics, diagnostics);
    assert.equal(found.asserts.length, expected.asserts);
    assert.ok(found.asserts.every((one) => one.holds && typeof one.requests === "bigint"));
    assert.ok(found.tests.every((one) => one.holds && one.failing === 0n));
  }
});

test("what is wrong with a policy is data, with the author's lines", () => {
  const broken = text(SWAP).replace("then access is refused", "then access is allowed");
  const project = compiler.project({ [WORDS]: text(WORDS), [SWAP]: broken });
  const found = project.check(SWAP);
  assert.ok(found.errors > 0);
  assert.match(found.diagnostics[0].code, /^KW\d{3}$/);
  const answer = project.build(SWAP);
  assert.equal(answer.ok, false);
  assert.deepEqual(answer.diagnostics.map((one) => one.code), found.diagnostics.filter((one) => one.severity === "error").map((one) => one.code));
  assert.match(compiler.page(found.diagnostics[0].code), /^# /);
  assert.equal(compiler.page("KW999"), undefined);
  for (const nonsense of ["", "\0", "\ud800", "(".repeat(1e5), "🔑".repeat(1e5), "edition 2026\n", "rule ".repeat(5e4), "x".repeat(5 << 20)]) {
    const project = compiler.project({ "x.ward": nonsense });
    assert.ok(project.check("x.ward").errors > 0, JSON.stringify(nonsense.slice(0, 20)));
    assert.equal(project.build("x.ward").ok, false);
    project.format("x.ward");
    project.free();
  }
  const fine = compiler.project({ "x.ward": "edition 2026\npolicy a.b version 1\n" });
  assert.equal(fine.build("x.ward").ok, false);
});

test("tables, diagrams, years, differences, cases and explanations are those of the command", async () => {
  const project = compiler.project(sources(SWAP));
  assert.deepEqual(value(project.table(SWAP, { answers: ["access"] })), cli("table", SWAP, "--answer", "access").answers);
  assert.deepEqual(value(project.table(SWAP, { answers: ["access"], only: "actor.suspended is no", otherwise: true })), cli("table", SWAP, "--answer", "access", "--otherwise", "--where", "actor.suspended is no").answers);
  assert.match(value(project.tableText(SWAP, "csv", { answers: ["swap.access"] })), /,/);
  assert.deepEqual(value(project.draw(SWAP, { answers: ["access"] })), cli("draw", SWAP, "--answer", "access").diagram);
  assert.match(value(project.drawing(SWAP, "svg", { answers: ["access"] })), /^<svg/);
  const { file, keyward, command: _, ...coverage } = cli("cases", SWAP);
  const { written, ...found } = value(project.cases(SWAP));
  assert.deepEqual(found, coverage);

  const site = "policies/after_hours/site_north.ward";
  const after = compiler.project(sources(AFTER, site));
  const day = Math.floor(Date.UTC(2026, 10, 24) / 864e5);
  assert.deepEqual(value(after.year(site, day)), cli("year", site, "--from", "2026-11-24").sheet);
  const request = JSON.parse(text("policies/after_hours/refused.json"));
  const policy = await runtime.load(value(after.build(site, { trial: true })).module);
  const given = Object.fromEntries(policy.inputs.filter((input) => input.type === "identifier").map((input) => [input.name, request.person.id]));
  const { keyward: __, command: ___, ...explained } = cli("why", site, "--request", "@policies/after_hours/refused.json");
  assert.deepEqual(value(after.why(site, policy.pack(request), { given })), explained);

  const changed = compiler.project({ ...sources(SWAP), [SWAP]: text(SWAP).replace("default no", "default yes") });
  const { keyward: ____, command: _____, ...difference } = value(changed.diff(SWAP, project, SWAP));
  assert.deepEqual(Object.keys(difference).sort(), Object.keys(cli("diff", SWAP, SWAP)).filter((key) => key !== "keyward" && key !== "command").sort());
  assert.match(value(changed.diffMarkdown(SWAP, project, SWAP)), /field_swap|request/);
  assert.equal(value(project.types(SWAP)), execFileSync(command, ["types", SWAP], { cwd: root, encoding: "utf8" }));
  assert.match(value(project.types(SWAP, "c")), /_Static_assert/);
  assert.equal(project.format(SWAP), text(SWAP));
});

test("misuse is an exception that says what is wrong", () => {
  const project = compiler.project(sources(SWAP));
  assert.throws(() => project.check("nothing.ward"), /there is no file nothing\.ward/);
  assert.throws(() => project.table(SWAP, { answers: ["nothing"] }), /there is no answer `nothing`/);
  assert.throws(() => project.table(SWAP, { only: "nothing is so" }), /nothing/);
  assert.throws(() => project.tableText(SWAP, "pdf"), /not pdf/);
  assert.throws(() => project.types(SWAP, "cobol"), /not cobol/);
  assert.throws(() => project.why(SWAP, new Uint8Array(3)), /bytes/);
  assert.throws(() => project.diff(SWAP, project, SWAP), /two projects/);
  assert.throws(() => compiler.project({ "x.ward": "x".repeat(9 << 20) }), /bytes/);
});

test("after a trap everything goes on", () => {
  const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "parts/trap.mjs")], { encoding: "utf8" });
  const { broke, before, after, asserts } = JSON.parse(stdout || stderr);
  assert.ok(broke > 0, "the compiler never broke off");
  assert.deepEqual([before, after], [0, 0]);
  assert.ok(asserts[0] > 20 && asserts[0] === asserts[1]);
});

test("editors hear every name with its places, what fits, what things are called and how much they speak for", () => {
  const files = sources(SWAP);
  const project = compiler.project(files);
  const names = project.names();
  const term = names.find(({ kind, name }) => kind === "term" && name === "code_wanted");
  const slice = ([file, start, end]) => Buffer.from(files[file]).subarray(start, end).toString();
  assert.ok(term.uses.length > 2);
  for (const one of names) for (const place of one.kind === "test" ? [] : [one.at, ...one.uses]) assert.equal(slice(place), one.name, `${one.kind} ${one.name}`);
  // What is declared in one file and used in another has places in both.
  assert.ok(names.some(({ kind, at, uses }) => kind === "input" && at[0] === WORDS && uses.some(([file]) => file === SWAP)));
  const fits = compiler.fitting("edition 2026\npolicy a.b version 1\nrule x\n  when a is ");
  assert.ok(fits.value && fits.words.includes("not"));
  const labels = value(project.labels(SWAP));
  assert.match(labels.decisions.swap.text, /change hands/);
  const shares = value(project.shares(SWAP));
  assert.equal(shares.rules.length, project.check(SWAP).rules);
  const access = shares.answers.filter(({ answer }) => answer === "access").map(({ count }) => BigInt(count.requests));
  assert.equal(access.reduce((sum, one) => sum + one), project.check(SWAP).requests);
});

test("a decision log is decided again, and one that was edited is refused with the line", () => {
  const log = join(root, "target/replayed.log");
  const request = join(root, "policies/field_swap/request.json");
  rmSync(log, { force: true });
  execFileSync(command, ["decide", SWAP, "--request", `@${request}`, "--log", log], { cwd: root });
  const older = compiler.project(sources(SWAP));
  const newer = compiler.project({ ...sources(SWAP), [SWAP]: text(SWAP).replace("rule holder_hands_on", "rule hands_it_on") });
  const lines = readFileSync(log, "utf8");
  const told = value(newer.replay(SWAP, older, SWAP, lines));
  assert.equal(told.changed, 0);
  assert.ok(told.rows >= 1);
  const edited = newer.replay(SWAP, older, SWAP, lines.replace('"status":0', '"status":1'));
  assert.equal(edited.ok, false);
  assert.match(edited.reason, /line/);
  assert.throws(() => newer.replay(SWAP, newer, SWAP, lines), /two projects/);
});
