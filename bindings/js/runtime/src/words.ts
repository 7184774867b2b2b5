// Words for a mistake in a request. In: an input and the value it was given. Out: one sentence, and what would be accepted.
// Refuses to repeat more of a request than the one value.

import { Written } from "./json.js";
import type { Slot } from "./schema.js";
import { dayText } from "./time.js";

/** The kinds of mistake. */
export type Fault =
  | "no object"
  | "unknown"
  | "twice"
  | "several"
  | "null"
  | "type"
  | "no value"
  | "member twice"
  | "range"
  | "whole"
  | "text"
  | "empty"
  | "half"
  | "no zone"
  | "zone"
  | "duty";

/** Finds words: the sentence and what would be accepted. */
export type Words = (fault: Fault, value: unknown, slot: Slot | undefined, names: readonly string[]) => [string, string];

const WANTED = [
  "true or false",
  "one of its values, a string",
  "an array of its members",
  "a whole number",
  "a duration",
  "a moment",
  "a date",
  "a time",
  "an identifier, a string",
];

function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `"${name}"`);
  return shown.join(", ") + (names.length > 12 ? ", …" : "");
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Written) return `${value}, which is written with a fraction or an exponent`;
  const words: Record<string, string> = {
    boolean: "true or false",
    object: "an object",
    string: "a string",
    number: "a number",
  };
  return words[typeof value] ?? `a ${typeof value}`;
}

function accepted({ input, kind_ }: Slot): string {
  const { values, least, greatest } = input;
  return [
    "true, false",
    list(values),
    `an array of ${list(values)}`,
    `a whole number from ${least} to ${greatest}`,
    `whole minutes from ${least} to ${greatest}, or text such as "12 hours"`,
    'local time "2026-12-25T23:30"; where the zone of the site is given also a Date, "2026-12-25T22:30Z", ' +
      '"2026-12-25T23:30+01:00", "2026-12-25T23:30[Europe/Paris]"',
    `"${dayText(least)}" to "${dayText(greatest)}"`,
    '"00:00" to "23:59"',
    "a string",
  ][kind_]!;
}

/** The words of the whole runtime. */
export const words: Words = (fault, value, slot, names) => {
  const silent = slot?.input.origin === "setting" ? "for its default" : "where it is unknown";
  const text: Record<Fault, () => string> = {
    "no object": () => `a request is an object, not ${kindOf(value)}`,
    unknown: () => "there is no such input",
    twice: () => "this input stands in the request twice",
    several: () => `these are several inputs, so the value is an object, not ${kindOf(value)}`,
    null: () => `this input is not optional, so it cannot be null; leave it out ${silent}`,
    type: () => `this should be ${WANTED[slot!.kind_]}, not ${kindOf(value)}`,
    "no value": () => `there is no value "${value}"`,
    "member twice": () => `"${value}" stands in the array twice`,
    range: () => `${typeof value === "string" ? `"${value}"` : value} is out of range`,
    whole: () => `${value} is not a whole number`,
    text: () => `"${value}" is not a ${slot!.input.type}`,
    empty: () => "an identifier is not empty",
    half: () => "this text is broken: it has half a character",
    "no zone": () => `"${value}" has an offset or a zone, and the zone of the site is not given`,
    zone: () => `the zone of the site is not known`,
    duty: () => `there is no set answer of this name with a member "${value}"`,
  };
  return [text[fault](), slot ? accepted(slot) : fault === "no object" ? '{"input": value, …}' : list(names)];
};
