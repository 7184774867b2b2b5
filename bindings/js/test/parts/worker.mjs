// The same in a worker. In: the name of a file. Out: what was found. Refuses to know pages.

import * as runtime from "/bindings/js/runtime/dist/index.js";
import { check } from "./conformance.mjs";

onmessage = async ({ data: name }) => {
  const text = await (await fetch(`/tests/conformance/${name}.jsonl`)).text();
  postMessage(await check(runtime, text, fetch(`/target/conformance/${name}.wasm`)));
};
