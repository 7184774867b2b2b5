// What can go wrong. In: a kind and one sentence. Out: errors a program can tell apart. Refuses to hold values of a request
// beyond the one that is wrong.

/** Why a module was not loaded. */
export type LoadProblem =
  | "unreachable"
  | "too-large"
  | "not-a-module"
  | "forbidden"
  | "foreign-loop"
  | "damaged"
  | "digest"
  | "no-crypto"
  | "engine";

/** A module that was not loaded. */
export class LoadError extends Error {
  override name = "LoadError";
  constructor(
    /** The kind of problem. */
    readonly code: LoadProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** KW501 unknown or doubled key, KW502 wrong type, KW503 out of range, KW504 no object or not JSON. */
export type RequestCode = "KW501" | "KW502" | "KW503" | "KW504";

/** A request that says something the policy does not know. Nothing was decided. */
export class RequestError extends Error {
  override name = "RequestError";
  constructor(
    /** The kind of mistake, the same as in other bindings. */
    readonly code: RequestCode,
    /** The input, or the key as it was written. */
    readonly key: string,
    message: string,
    /** What would be accepted; empty if that is no help. */
    readonly accepted = "",
    options?: ErrorOptions,
  ) {
    super((key && `"${key}": `) + message + (accepted && ` (accepted: ${accepted})`), options);
  }
}

/** The engine stopped in the middle: the outcome must count as a refusal. */
export class DecideError extends Error {
  override name = "DecideError";
}
