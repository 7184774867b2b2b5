// The door for browsers and workers: where the compiler's WebAssembly is. In: an address, an answer or bytes. Out: a compiler.
// Refuses to fetch anything before it is asked to.

import { start, type Compiler } from "./compiler.js";

export { CompilerError, type Compiler, type Project } from "./compiler.js";
export type * from "./types.js";

/** Where the compiler's WebAssembly comes from: an address, an answer to a request for it, its bytes, a compiled module. */
export type Source = string | URL | Response | ArrayBuffer | Uint8Array<ArrayBuffer> | WebAssembly.Module;

/** Loads the compiler; without a source from beside this file. Loading it again gives the same one. */
export async function load(source: Source | Promise<Source> = new URL("./compiler.wasm", import.meta.url)): Promise<Compiler> {
  const from = await source;
  if (from instanceof WebAssembly.Module) return start(from);
  if (from instanceof Uint8Array || from instanceof ArrayBuffer) return start(await WebAssembly.compile(from));
  const answer = from instanceof Response ? from : await fetch(from);
  if (!answer.ok) throw new Error(`the compiler cannot be fetched: the answer is ${answer.status}`);
  return start(await WebAssembly.compile(await answer.arrayBuffer()));
}
