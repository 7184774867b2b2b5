/** Why a module was not loaded. */
export type LoadProblem = "unreachable" | "too-large" | "not-a-module" | "forbidden" | "foreign-loop" | "damaged" | "digest" | "no-crypto" | "engine";
/** A module that was not loaded. */
export declare class LoadError extends Error {
    /** The kind of problem. */
    readonly code: LoadProblem;
    name: string;
    constructor(
    /** The kind of problem. */
    code: LoadProblem, message: string, options?: ErrorOptions);
}
/** KW501 unknown or doubled key, KW502 wrong type, KW503 out of range, KW504 no object or not JSON. */
export type RequestCode = "KW501" | "KW502" | "KW503" | "KW504";
/** A request that says something the policy does not know. Nothing was decided. */
export declare class RequestError extends Error {
    /** The kind of mistake, the same as in other bindings. */
    readonly code: RequestCode;
    /** The input, or the key as it was written. */
    readonly key: string;
    /** What would be accepted; empty if that is no help. */
    readonly accepted: string;
    name: string;
    constructor(
    /** The kind of mistake, the same as in other bindings. */
    code: RequestCode, 
    /** The input, or the key as it was written. */
    key: string, message: string, 
    /** What would be accepted; empty if that is no help. */
    accepted?: string, options?: ErrorOptions);
}
/** The engine stopped in the middle: the outcome must count as a refusal. */
export declare class DecideError extends Error {
    name: string;
}
