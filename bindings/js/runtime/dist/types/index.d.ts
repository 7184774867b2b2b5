import { Policy } from "./explain.js";
import { type LoadOptions, type Source, type Types } from "./load.js";
export { DecideError, LoadError, RequestError, type LoadProblem, type RequestCode } from "./error.js";
export { Policy, type Explained, type Possible, type PossibleSet } from "./explain.js";
export { parse } from "./json.js";
export type { LoadOptions, Source, Types } from "./load.js";
export type { Duties } from "./pack.js";
export type { Decided, Options, Said, Status } from "./policy.js";
export type { Answer, Decision, Input, InputType, Reason, Value } from "./schema.js";
export { civil, knowsZone } from "./zones.js";
/** Loads a policy: fetches it where need be, checks it, compiles it. Throws a `LoadError` where something is not right. */
export declare function load<T extends Types = Types>(source: Source | Promise<Source>, options?: LoadOptions): Promise<Policy<T["request"], T["decisions"]>>;
