// The light door: decides and nothing else, in about half the bytes. In: where a module is, or its bytes. Out: decisions.
// It takes moments as local time only, names a mistake by its kind without words, and leaves the gate out: it is for modules
// from your own server, whose digest you know.

import { loadWith, type LoadOptions, type Source, type Types } from "./load.js";
import { Decider } from "./policy.js";

export { DecideError, LoadError, RequestError } from "./error.js";
export { Decider } from "./policy.js";

/** Loads a policy that only decides. */
export async function load<T extends Types = Types>(
  source: Source | Promise<Source>,
  options: LoadOptions = {},
): Promise<Decider<T["request"], T["decisions"]>> {
  return loadWith(await source, options, (...parts) => new Decider(...parts, {})) as never;
}
