// What a policy asks and answers. In: the custom sections of a module. Out: plain data, for packing and for forms. Refuses to
// know rules. The sections are described in engine/ABI.md.

import { Bytes, damaged } from "./bytes.js";

/** The types of input. */
export type InputType =
  | "yes or no"
  | "one of"
  | "set of"
  | "number"
  | "duration"
  | "moment"
  | "date"
  | "time"
  | "identifier";

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

const TYPES: InputType[] = [
  "yes or no",
  "one of",
  "set of",
  "number",
  "duration",
  "moment",
  "date",
  "time",
  "identifier",
];
/** Bytes of each type; of numbers it depends on the greatest. */
const WIDTHS = [1, 1, 4, 0, 0, 4, 4, 2, 4];
const ANSWERS = ["one of", "strictest", "set of", "shortest", "yes or no"] as const;
const NOT_SET_DATE = -0x8000_0000;

const numbered = (names: readonly string[]) => new Map(names.map((name, number) => [name, number]));

/** Reads `keyward.schema` and `keyward.outcomes`. */
export function layout(schema: Bytes, outcomes: Bytes, readable?: Readable): Layout {
  if (schema.number() !== 1) throw damaged(schema.what);
  const requestLen = schema.number();
  const shortLen = schema.number();
  const kinds = schema.list(() => [schema.text(), schema.texts()] as const);
  let name = "";
  const about: number[] = [];
  const slots = schema.list((): Slot => {
    name = name.slice(0, schema.number()) + schema.text();
    const flags = schema.byte();
    const [at, known, count] = [schema.number(), schema.number(), schema.number()];
    about.push((flags & 2) !== 0 ? schema.number() : -1);
    const kind = flags >> 4;
    let [values, least, greatest, minuteAt, of]: [string[], number, number, number, string] = [[], 0, 0, 0, ""];
    if (kind === 1 || kind === 2) values = schema.texts();
    else if (kind === 3 || kind === 4) [least, greatest] = [schema.number(), schema.number()];
    else if (kind === 5) [minuteAt, of] = [schema.number(), schema.text()];
    else if (kind === 6) [least, greatest] = [schema.int(), schema.int()];
    else if (kind === 8) [of, values] = kinds[schema.number()] as [string, string[]];
    else if (kind > 8) throw damaged(schema.what);
    const origin = (["input", "setting", "group", "calendar"] as const)[flags & 3]!;
    const [optional, fixed] = [(flags & 4) !== 0, (flags & 8) !== 0];
    const input: Input = { name, origin, type: TYPES[kind]!, optional, fixed, values, least, greatest, of };
    const width = WIDTHS[kind] || (greatest < 0xff ? 1 : greatest < 0xffff ? 2 : 4);
    return { input, kind_: kind, at_: at, width_: width, known_: known, count_: count, minuteAt_: minuteAt, numbers_: numbered(values) };
  });
  slots.forEach((slot, number) => {
    if (about[number]! >= 0) slot.input = { ...slot.input, about: slots[about[number]!]!.input.name };
    if (!schema.byte()) return;
    const form = schema.byte();
    const value = form === 1 ? schema.number() : form === 2 ? schema.text() : slot.kind_ === 5 || slot.kind_ === 6 ? NOT_SET_DATE : -1;
    const minute = form === 1 && slot.kind_ === 5 ? schema.number() : -1;
    slot.packed_ = [value, minute];
    if (readable) slot.input = { ...slot.input, default: form ? readable(slot, value, minute) : null };
  });
  const places: Place[][] = [];
  const decisions = outcomes.list((): Decision => {
    const decision = outcomes.text();
    const of: Place[] = [];
    places.push(of);
    const answers = outcomes.list((): Answer => {
      const answer = outcomes.text();
      const flags = outcomes.byte();
      const word = outcomes.number();
      const kind = flags & 127;
      const type = ANSWERS[kind];
      if (!type) throw damaged(outcomes.what);
      // For sets the place of the duty mask, for the shortest of the longest.
      const duty = kind === 2 || kind === 3 ? outcomes.number() : 0;
      of.push({ kind_: kind, word_: word, duty_: duty, sets_: new Map() });
      return { name: answer, type, blankable: flags > 127, values: kind < 3 ? outcomes.texts() : [] };
    });
    return { name: decision, answers };
  });
  return { requestLen_: requestLen, shortLen_: shortLen, slots_: slots, decisions_: decisions, places_: places };
}
