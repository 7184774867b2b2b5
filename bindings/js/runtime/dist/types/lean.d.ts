import { type LoadOptions, type Source, type Types } from "./load.js";
import { Decider } from "./policy.js";
export { DecideError, LoadError, RequestError } from "./error.js";
export { Decider } from "./policy.js";
/** Loads a policy that only decides. */
export declare function load<T extends Types = Types>(source: Source | Promise<Source>, options?: LoadOptions): Promise<Decider<T["request"], T["decisions"]>>;
