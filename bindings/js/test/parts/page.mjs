// What the page does: every conformance case on the bundled module, on the light door, on the plain script, and in a worker.
// In: the list of files from the server. Out: `window.found`. Refuses to know Node.

import * as lean from "/bindings/js/runtime/dist/lean.js";
import * as runtime from "/bindings/js/runtime/dist/index.js";
import { check, sweep } from "./conformance.mjs";

const worker = new Worker("/bindings/js/test/parts/worker.mjs", { type: "module" });
const inWorker = (name) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(name);
  });

async function run() {
  const names = await (await fetch("/names.json")).json();
  const found = { cases: {}, wrong: [], digests: {} };
  const doors = {
    module: [runtime, false],
    script: [globalThis.Keyward, false],
    lean: [{ load: lean.load, parse: JSON.parse }, true],
  };
  for (const name of names) {
    const text = await (await fetch(`/tests/conformance/${name}.jsonl`)).text();
    const add = (door, { count, wrong }) => {
      found.cases[door] = (found.cases[door] ?? 0) + count;
      found.wrong.push(...wrong.map((why) => `${door}, ${name}: ${why}`));
    };
    for (const [door, [api, isLean]] of Object.entries(doors)) {
      add(door, await check(api, text, new URL(`/target/conformance/${name}.wasm`, location.href), isLean));
    }
    add("worker", await inWorker(name));
  }
  found.digests.after_hours = (await runtime.load("/target/conformance/after_hours.wasm")).digest;
  const zones = await (await fetch("/tests/conformance/zones.json")).json();
  found.zones = sweep(runtime.civil, zones);
  const error = await runtime.load("/no/such.wasm").catch((error) => error);
  found.unreachable = `${error.name} ${error.code}`;
  return found;
}

window.found = run().catch((error) => ({ wrong: [error.stack] }));
