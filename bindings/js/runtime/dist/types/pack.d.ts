import { RequestError, type RequestCode } from "./error.js";
import type { Layout, Slot } from "./schema.js";
import type { Fault, Words } from "./words.js";
/** Which duties the host can perform: for a set answer the members it can; others make a decision `duty-unsupported`. */
export type Duties = Readonly<Record<string, readonly string[]>>;
/** Reads instants: gives the day number times 1440 plus the minute at the site, or what is wrong. */
export type Instants = (value: string | Date, site: string | undefined) => number | Fault;
/** The keys of an object, and for each the shape of the object inside, if there is one. */
interface Shape {
    keys_: string[];
    below_: (Shape | undefined)[];
}
/** What stays the same for all requests of one shape: their inputs in the order of their keys, and the other bytes. */
interface Plan {
    shape_: Shape;
    slots_: Slot[];
    template_: Int32Array;
}
/** A request being packed. */
interface Packing {
    view_: DataView;
    at_: number;
    site_: string | undefined;
    fresh_: Fresh[] | undefined;
}
/** An identifier the policy does not know by name. */
interface Fresh {
    kind_: string;
    name_: string;
}
/** Packs requests of one policy. */
export declare class Packer {
    readonly layout_: Layout;
    readonly instants_?: Instants | undefined;
    readonly words_?: Words | undefined;
    prefixes_: Set<string>;
    byName_: Map<string, Slot>;
    plain_: Uint8Array;
    plans_: Plan[];
    fresh_: Fresh[];
    constructor(layout_: Layout, hash: Uint8Array, instants_?: Instants | undefined, words_?: Words | undefined);
    /** The error of a mistake. */
    fail_(code: RequestCode, fault: Fault, key?: string, value?: unknown, slot?: Slot): RequestError;
    /** Writes a request to a place. */
    pack_(request: object, memory: Int32Array, view: DataView, at: number, site: string | undefined): void;
    /** Says in a packed request which duties can be performed. */
    duties_(decision: number, duties: Duties, view: DataView, at: number): void;
    /** A new plan for a request, and its values. */
    plan_(request: object, values: unknown[]): Plan;
    shape_(prefix: string, object: object, slots: Set<Slot>, values: unknown[]): Shape;
    /** Puts the value of one input. */
    fill_(slot: Slot, value: unknown, packing: Packing): void;
    one_(slot: Slot, value: unknown): number;
    /** The day and minute of `2026-12-25T23:30`, perhaps with seconds, which are dropped; or of an instant. */
    moment_(value: string | Date, slot: Slot, site: string | undefined): number | Fault;
}
export {};
