// The door for Node: the same, from the file beside this one. In: nothing, or what the other door takes. Out: a compiler.

import { readFile } from "node:fs/promises";
import { load as loadFrom, type Source } from "./index.js";
import type { Compiler } from "./compiler.js";

export * from "./index.js";

/** Loads the compiler; without a source from the package. */
export async function load(source?: Source | Promise<Source>): Promise<Compiler> {
  return loadFrom(source ?? new Uint8Array(await readFile(new URL("./compiler.wasm", import.meta.url))));
}
