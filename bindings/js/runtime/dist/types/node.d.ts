import type { LoadOptions, Source, Types } from "./load.js";
import type { Policy } from "./explain.js";
export * from "./index.js";
/** Loads a policy from a file, an address, or bytes. */
export declare function load<T extends Types = Types>(source: Source | Promise<Source>, options?: LoadOptions): Promise<Policy<T["request"], T["decisions"]>>;
