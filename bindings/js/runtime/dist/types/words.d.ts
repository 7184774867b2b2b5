import type { Slot } from "./schema.js";
/** The kinds of mistake. */
export type Fault = "no object" | "unknown" | "twice" | "several" | "null" | "type" | "no value" | "member twice" | "range" | "whole" | "text" | "empty" | "half" | "no zone" | "zone" | "duty";
/** Finds words: the sentence and what would be accepted. */
export type Words = (fault: Fault, value: unknown, slot: Slot | undefined, names: readonly string[]) => [string, string];
/** The words of the whole runtime. */
export declare const words: Words;
