// What a decision costs in V8, as ratios within one run. In: the built packages, the modules in target. Out: a table on standard
// output. Refuses to fail for a figure; a wrong answer is an error. `node bindings/js/bench.mjs`

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import * as lean from "./runtime/dist/lean.js";
import * as runtime from "./runtime/dist/node.js";

const root = join(import.meta.dirname, "../..");
const bytes = (name) => new Uint8Array(readFileSync(join(root, `target/conformance/${name}.wasm`)));

/** `keyward.field_swap` by hand, as people write it. Only for requests in which everything is known and right. */
function byHand(request) {
  const role = request["actor.role"];
  const admin = role === "owner" || role === "org_admin";
  const holds = request["actor.id"] === request["holder.id"];
  const exempt = admin && request["org.admins_skip_handshake"];
  const wanted = request["org.swap_handshake"] && !exempt;
  const canText = request["receiver.mobile"] && request["sms.gateway"] === "working";
  const canMail = request["receiver.email"] && request["org.allows_email_codes"];
  const refusals = [];
  if (request["receiver.id"] === request["holder.id"]) refusals.push("same_person");
  if (!holds && !admin) refusals.push("not_holder");
  if (request["key.custody"] !== "held") refusals.push("not_held");
  if (request["actor.suspended"]) refusals.push("actor_suspended");
  if (request["receiver.suspended"]) refusals.push("receiver_suspended");
  if (wanted && !canText && !canMail) refusals.push("receiver_unreachable");
  if (request["org.swap_needs_standing_right"] && !request["holder.standing_right"]) refusals.push("no_standing_right");
  const allowed = refusals.length === 0;
  const record = [];
  if (allowed && request["org.swap_handshake"] && exempt) record.push("exempt_role");
  if (allowed && !holds) record.push("forced_by_admin");
  if (allowed && !request["org.swap_handshake"]) record.push("no_handshake");
  const said = (value) => (allowed ? value : null);
  return {
    access: allowed ? "allowed" : "refused",
    handshake: said(wanted ? "needed" : "not_needed"),
    code_to: said(wanted ? "receiver" : "nobody"),
    channel: said(wanted ? (canText ? "sms" : "email") : "none"),
    typed_by: said(wanted ? "keyholder" : "nobody"),
    notify: said(["keyholder", "receiver"]),
    record: said(record),
    refusals,
  };
}

/** Nanoseconds of each, the middle of some rounds, each in its turn. */
function inTurn(count, tasks) {
  const rounds = tasks.map(() => []);
  for (let round = 0; round < 15; round++) {
    tasks.forEach((task, number) => {
      const start = performance.now();
      task();
      rounds[number].push(((performance.now() - start) * 1e6) / count);
    });
  }
  return rounds.map((taken) => taken.slice(5).sort((one, other) => one - other)[5]);
}

const [, ...cases] = readFileSync(join(root, "tests/conformance/field_swap.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
const requests = cases.filter((one) => one.status === "ok" && one.because).map((one) => one.request);
const policy = await runtime.load(bytes("field_swap"));
const light = await lean.load(bytes("field_swap"));
for (const request of requests) {
  const [said, hand, lightly] = [policy.decide(request).answers, byHand(request), light.decide(request).answers];
  for (const [name, value] of Object.entries(hand)) {
    if (JSON.stringify(said[name]) !== JSON.stringify(value) || JSON.stringify(lightly[name]) !== JSON.stringify(value)) {
      throw new Error(`${name}: ${JSON.stringify(said[name])} and ${JSON.stringify(value)} for ${JSON.stringify(request)}`);
    }
  }
}
// Requests that come as they would: each an object of its own, of one shape.
const many = Array.from({ length: 4096 }, (_, number) => JSON.parse(JSON.stringify(requests[(number * 7) % requests.length])));
let sink = 0;
const each = (decide) => () => {
  for (const request of many) sink += decide(request).access === "allowed" ? 1 : 0;
};
const [hand, whole, bare] = inTurn(many.length, [each(byHand), each((request) => policy.decide(request).answers), each((request) => light.decide(request).answers)]);
console.log(`field_swap from a plain object, ${requests.length} requests: by hand ${hand.toFixed(0)} ns, runtime ${whole.toFixed(0)} ns (${(whole / hand).toFixed(1)}x, goal 1.5x), lean ${bare.toFixed(0)} ns (${(bare / hand).toFixed(1)}x)`);

const module = bytes("after_hours");
const [loading] = inTurn(1, [() => new WebAssembly.Instance(new WebAssembly.Module(module))]);
let start = performance.now();
for (let round = 0; round < 20; round++) await runtime.load(module);
console.log(`after_hours: compile and instantiate ${(loading / 1e6).toFixed(2)} ms, load with gate and digests ${((performance.now() - start) / 20).toFixed(2)} ms (goal 2 ms to instantiate)`);
const light_ = gzipSync(readFileSync(join(import.meta.dirname, "runtime/dist/lean.js")), { level: 9 }).length;
const full = gzipSync(readFileSync(join(import.meta.dirname, "runtime/dist/index.js")), { level: 9 }).length;
const wire = (path) => gzipSync(readFileSync(path), { level: 9 }).length;
const stripped = process.argv[2] && wire(process.argv[2]);
if (stripped) console.log(`over the wire, gzip: after_hours stripped ${stripped}, with lean ${stripped + light_}, with the runtime ${stripped + full} bytes (goal 14,336)`);
if (sink < 0) throw new Error("unreachable");
