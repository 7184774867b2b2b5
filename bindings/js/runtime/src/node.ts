// The door for Node: the same, and files by path or address. In: where a module is. Out: a policy. Refuses nothing of its own.

import { readFile } from "node:fs/promises";
import { LoadError } from "./error.js";
import { load as loadBytes } from "./index.js";
import type { LoadOptions, Source, Types } from "./load.js";
import type { Policy } from "./explain.js";

export * from "./index.js";

/** Loads a policy from a file, an address, or bytes. */
export async function load<T extends Types = Types>(
  source: Source | Promise<Source>,
  options?: LoadOptions,
): Promise<Policy<T["request"], T["decisions"]>> {
  let from = await source;
  const file = from instanceof URL ? from.protocol === "file:" : typeof from === "string" && !/^https?:/.test(from);
  if (file) {
    try {
      from = new Uint8Array(await readFile(from as string | URL));
    } catch (error) {
      throw new LoadError("unreachable", `the module cannot be read: ${(error as Error).message}`, { cause: error });
    }
  }
  return loadBytes<T>(from, options);
}
