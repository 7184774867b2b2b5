// The door for browsers, workers and other hosts with `fetch`. In: where a module is, or its bytes. Out: a policy that
// decides and explains itself. Refuses to run what the gate refuses.

import { LoadError } from "./error.js";
import { Policy } from "./explain.js";
import { gate } from "./gate.js";
import { loadWith, sha256, type LoadOptions, type Source, type Types } from "./load.js";

export { DecideError, LoadError, RequestError, type LoadProblem, type RequestCode } from "./error.js";
export { Policy, type Explained, type Possible, type PossibleSet } from "./explain.js";
export { parse } from "./json.js";
export type { LoadOptions, Source, Types } from "./load.js";
export type { Duties } from "./pack.js";
export type { Decided, Options, Said, Status } from "./policy.js";
export type { Answer, Decision, Input, InputType, Reason, Value } from "./schema.js";
export { civil, knowsZone } from "./zones.js";

// Set by the build, from the modules of the same tree: the digest of the fixed loop and how many functions it has.
declare const LOOP_DIGEST: string;
declare const LOOP_FUNCTIONS: number;

async function check(bytes: Uint8Array): Promise<void> {
  if ((await sha256(gate(bytes, LOOP_FUNCTIONS).fixed_)) !== LOOP_DIGEST) {
    throw new LoadError("foreign-loop", "this module was not made by this version of keyward: build the policy again");
  }
}

/** Loads a policy: fetches it where need be, checks it, compiles it. Throws a `LoadError` where something is not right. */
export async function load<T extends Types = Types>(
  source: Source | Promise<Source>,
  options: LoadOptions = {},
): Promise<Policy<T["request"], T["decisions"]>> {
  return loadWith(await source, options, (...parts) => new Policy(...parts), check) as never;
}
