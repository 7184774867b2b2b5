import { type Duties, type Instants } from "./pack.js";
import { type Decision, type Input, type Readable } from "./schema.js";
import type { Words } from "./words.js";
/** How a decision came about; anything but `ok` comes with the answers of `if unsure`. */
export type Status = "ok" | "unsure-missing" | "unsure-invalid" | "schema-mismatch" | "duty-unsupported";
/** The value of an answer: `null` is blank, minutes are numbers, without a limit they are the text `no limit`. */
export type Said = string | boolean | number | readonly string[] | null;
/** What was decided. */
export interface Decided<A = Readonly<Record<string, Said>>> {
    readonly decision: string;
    readonly status: Status;
    readonly answers: A;
}
/** How to decide. */
export interface Options {
    /** Which decision, where a policy has several. */
    readonly decision?: string;
    /** The zone of the site, for moments that are instants. A zone the policy names goes first. */
    readonly zone?: string;
    /** Which duties can be performed here. Unless it is given: all. */
    readonly duties?: Duties;
    /** Answer a request that cannot be read with `if unsure` instead of throwing, as a host that must act does. */
    readonly unsure?: boolean;
}
type Call = (decision: number, request: number, out: number) => number;
/** What a module exports. */
export interface Exports {
    memory: WebAssembly.Memory;
    kw_decide: Call;
    kw_partial: Call;
    kw_why: Call;
    kw_abi(): number;
    kw_request(): number;
    kw_outcome(): number;
}
/** What the whole runtime adds to deciding. */
export interface Extras {
    instants_?: Instants;
    words_?: Words;
    readable_?: Readable;
}
export declare const STATUSES: Status[];
/** Minutes, or that there is no limit. */
export declare const limit: (minutes: number) => Said;
/** One policy, ready to decide. */
export declare class Decider<R extends object = object, D = Record<string, Readonly<Record<string, Said>>>> {
    /** SHA-256 of the module: the same bytes everywhere have the same. */
    readonly digest: string;
    /** The name and version of the policy, its title, and the hash of its sources. */
    readonly name: string;
    readonly version: number;
    readonly title: string;
    readonly source: string;
    /** What made the module, and what was proved then: so many tests and asserts, for so many possible requests. */
    readonly compiler: string;
    readonly tests: number;
    readonly asserts: number;
    readonly requests: bigint;
    /** What the policy means: modules that answer every request alike have the same. A hint, no proof. */
    readonly fingerprint: string;
    /** What it asks and what it answers. */
    readonly inputs: readonly Input[];
    readonly decisions: readonly Decision[];
    /** Decides. Throws a `RequestError` where the request says something the policy does not know. */
    decide<N extends keyof D & string = keyof D & string>(request: R, options?: Options & {
        decision?: N;
    }): Decided<D[N]>;
}
export {};
