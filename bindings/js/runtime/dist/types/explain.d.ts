import { Decider, type Decided, type Options, type Said, type Status } from "./policy.js";
import type { Reason } from "./schema.js";
/** What was decided, and why: the same members as the JSON of the `keyward decide` command, and two more. */
export interface Explained<A = Readonly<Record<string, Said>>> extends Decided<A> {
    /** The rules that decided. */
    readonly because: readonly Reason[];
    readonly policy: {
        readonly name: string;
        readonly version: number;
        readonly hash: string;
    };
    /** Rules that applied and gave way to an exception. */
    readonly overridden: readonly Reason[];
    /** Rules that applied while something stricter or shorter won. */
    readonly milder: readonly Reason[];
}
/** The members of a set: those that may be in, those that are in wherever it is answered; whether it may be blank or answered. */
export interface PossibleSet {
    readonly may: readonly string[];
    readonly must: readonly string[];
    readonly blank: boolean;
    readonly answered: boolean;
}
/** What each answer can still be: its values, `null` for blank; for a set its members. */
export interface Possible {
    readonly decision: string;
    readonly status: Status;
    readonly answers: Readonly<Record<string, readonly Said[] | PossibleSet>>;
}
/** A policy that also explains itself. */
export declare class Policy<R extends object = object, D = Record<string, Readonly<Record<string, Said>>>> extends Decider<R, D> {
    /** Decides, and says why. */
    why<N extends keyof D & string = keyof D & string>(request: R, options?: Options & {
        decision?: N;
    }): Explained<D[N]>;
    /** The packed request, as logs and the compiler take it. */
    pack(request: R, options?: Options): Uint8Array<ArrayBuffer>;
    /** What each answer can still be while some inputs are unknown. Exact over everything possible. */
    partial(request: R, options?: Options): Possible;
}
