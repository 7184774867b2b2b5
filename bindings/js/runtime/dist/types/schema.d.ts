import { Bytes } from "./bytes.js";
/** The types of input. */
export type InputType = "yes or no" | "one of" | "set of" | "number" | "duration" | "moment" | "date" | "time" | "identifier";
/** A value as requests have it. */
export type Value = boolean | string | number | readonly string[] | null;
/** One input of a policy. */
export interface Input {
    /** Its dotted name, the key in a request. */
    readonly name: string;
    /** A fact, a choice of the organization, or whether something is in a group or a calendar kept outside. */
    readonly origin: "input" | "setting" | "group" | "calendar";
    /** For groups and calendars: the input they are about. */
    readonly about?: string;
    readonly type: InputType;
    /** Whether `null`, not set, is a value. */
    readonly optional: boolean;
    /** Whether the person cannot change it. */
    readonly fixed: boolean;
    /** The values of a choice, the members of a set, the names known of an identifier. */
    readonly values: readonly string[];
    /** Numbers and minutes: the least and the greatest; dates: day numbers since 1970-01-01. */
    readonly least: number;
    readonly greatest: number;
    /** A moment's zone, empty for the site's; the kind of an identifier. */
    readonly of: string;
    /** What a setting is where a request is silent, as requests have it. */
    readonly default?: Value;
}
/** One answer of a decision. */
export interface Answer {
    readonly name: string;
    readonly type: "one of" | "strictest" | "set of" | "shortest" | "yes or no";
    /** Whether it may be blank, `null`. */
    readonly blankable: boolean;
    /** The values, mildest first for the strictest of; the members of a set. */
    readonly values: readonly string[];
}
/** One decision. */
export interface Decision {
    readonly name: string;
    readonly answers: readonly Answer[];
}
/** Words of a rule. */
export interface Reason {
    readonly rule: string;
    readonly text: string;
    readonly cite: string;
}
/** An input and where it stands in a request. */
export interface Slot {
    input: Input;
    kind_: number;
    at_: number;
    width_: number;
    known_: number;
    count_: number;
    minuteAt_: number;
    /** Number of each value; for identifiers of each name the policy knows, shared within a kind. */
    numbers_: Map<string, number>;
    /** The default as it is packed: the number, and the minute of a moment. */
    packed_?: [number | string, number];
}
/** An answer and where it stands in an outcome. */
export interface Place {
    kind_: number;
    word_: number;
    duty_: number;
    /** Sets that were answered, by their bits. */
    sets_: Map<number, readonly string[]>;
}
export interface Layout {
    requestLen_: number;
    shortLen_: number;
    slots_: Slot[];
    decisions_: Decision[];
    places_: Place[][];
}
/** A packed default as requests have it. */
export type Readable = (slot: Slot, value: number | string, minute: number) => Value;
/** Reads `keyward.schema` and `keyward.outcomes`. */
export declare function layout(schema: Bytes, outcomes: Bytes, readable?: Readable): Layout;
