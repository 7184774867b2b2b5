// What the page asks its worker and what it hears. In: nothing. Out: types. Places are offsets in JavaScript strings.

import type { Answer, Built, Checked, Fitting, Labels, Named, Place, Shares } from "@keyward/compiler";

/** Files by name. */
export type Files = Readonly<Record<string, string>>;

/** A policy to look at, in files that the worker was given under a number. */
export interface At {
  readonly files: number;
  readonly main: string;
}

/** What narrows a view. */
export interface Looking {
  readonly decision?: string;
  readonly answers?: readonly string[];
  readonly only?: string;
}

/** The questions: what each takes and gives. */
export interface Asks {
  check: [At, CheckedHere];
  names: [{ readonly files: number }, readonly Named[]];
  module: [At & { readonly strip?: boolean; readonly trial?: boolean }, Answer<Built>];
  labels: [At, Answer<Labels>];
  shares: [At, Answer<Shares>];
  table: [At & Looking & { readonly otherwise?: boolean }, Answer<TableOf[]>];
  tableText: [At & Looking & { readonly form: "markdown" | "csv" | "html"; readonly otherwise?: boolean }, Answer<string>];
  draw: [At & Looking, Answer<Drawing>];
  drawing: [At & Looking & { readonly form: "svg" | "dot" }, Answer<string>];
  why: [At & Looking & { readonly packed: Uint8Array<ArrayBuffer>; readonly given: Readonly<Record<string, string>> }, Answer<Why>];
  cases: [At, Answer<Cases>];
  diff: [{ readonly newer: At; readonly older: At }, Answer<Changes>];
  diffMarkdown: [{ readonly newer: At; readonly older: At }, Answer<string>];
  replay: [{ readonly newer: At; readonly older: At; readonly log: string }, Answer<Replayed>];
  types: [At & { readonly language: "typescript" | "c" | "rust" }, Answer<string>];
  format: [At, string | undefined];
  fitting: [{ readonly before: string }, Fitting];
  page: [{ readonly code: string }, string | undefined];
}

export type Ask = keyof Asks;

/** To the worker. */
export type ToWorker =
  | { readonly kind: "files"; readonly number: number; readonly files: Files }
  | { readonly kind: "forget"; readonly number: number }
  | { readonly kind: "ask"; readonly id: number; readonly ask: Ask; readonly what: unknown };

/** From the worker. */
export type FromWorker =
  | { readonly kind: "ready"; readonly version: string }
  | { readonly kind: "unable"; readonly why: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown; readonly took: number }
  | { readonly kind: "broken"; readonly id: number; readonly why: string };

/** A place with what is said about it. */
export interface Labelled {
  readonly file: string | null;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type Request = Readonly<Record<string, unknown>>;

/** Something found in a policy. */
export interface Finding {
  readonly code: string;
  readonly name: string;
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  readonly at: Labelled;
  readonly labels: readonly Labelled[];
  readonly example?: { readonly words: string; readonly request: Request };
  readonly count?: { readonly requests: string; readonly of: string; readonly share: string };
  readonly notes: readonly string[];
  readonly hints: readonly { readonly text: string; readonly safe: boolean; readonly edits: readonly Labelled[] }[];
}

export type CheckedHere = Omit<Checked, "diagnostics"> & { readonly diagnostics: readonly Finding[] };

interface CountOf {
  readonly requests: string;
  readonly of: string;
  readonly share: string;
}

export interface TableRow {
  readonly cells: readonly (string | null)[];
  readonly outcome: string;
  readonly goes_on: number | null;
  readonly when: string;
  readonly requests: string;
  readonly share: string;
  /** Null where nobody knows them. */
  readonly rules: readonly string[] | null;
}

export interface OneTable {
  readonly name: string;
  readonly subject: string;
  readonly role: "answer" | "continued" | "block";
  readonly reading: "one row" | "top down";
  readonly columns: readonly { readonly name: string; readonly kind: string; readonly text: string }[];
  readonly rows: readonly TableRow[];
}

export interface TableOf {
  readonly answer: string;
  readonly text: string;
  readonly requests: string;
  readonly valid_requests: string;
  readonly notes: readonly string[];
  readonly tables?: readonly OneTable[];
  readonly too_long?: {
    readonly rows: number | null;
    readonly because: readonly string[];
    readonly ways_out: readonly { readonly where: string; readonly rows: number }[];
  };
}

export interface Drawing {
  readonly answer: string;
  readonly starts: readonly { readonly when: string }[];
  readonly questions: readonly { readonly asks: string; readonly ways: readonly { readonly when: string }[] }[];
  readonly outcomes: readonly string[];
  readonly picture: {
    readonly width: number;
    readonly height: number;
    readonly items: readonly {
      readonly kind: "start" | "question" | "way" | "outcome";
      readonly number: number;
      readonly way?: number;
      readonly x: number;
      readonly y: number;
      readonly width: number;
    }[];
    readonly curves: readonly (readonly [number, number, number, number])[];
  };
}

export interface Change {
  readonly words: readonly string[];
  readonly inputs: readonly string[];
  readonly then: readonly string[];
  readonly request: Request;
}

export interface Why {
  readonly decision: string;
  readonly question: string;
  readonly status: string;
  readonly answers: readonly { readonly answer: string; readonly value: string; readonly possible: readonly string[] }[];
  readonly unsure_because: string;
  readonly faults: readonly { readonly kind: string; readonly input: string; readonly words: readonly string[] }[];
  readonly rules: readonly {
    readonly rule: string;
    readonly part: "deciding" | "overridden" | "milder";
    readonly because: string;
    readonly cite: string;
    readonly says: readonly string[];
    readonly overridden_by: readonly string[];
  }[];
  readonly completed: string | null;
  readonly reason: { readonly says: string; readonly facts: readonly { readonly input: string; readonly words: string }[] } | null;
  readonly changes: readonly {
    readonly answer: string;
    readonly value: string;
    readonly ways: readonly { readonly who: "person" | "organization" | "nobody"; readonly inputs: number; readonly changes: readonly Change[]; readonly more: number }[];
  }[];
  readonly until: readonly {
    readonly input: string;
    readonly next: "at" | "never" | "beyond-the-horizon";
    readonly at: string | null;
    readonly then: readonly string[];
  }[];
  readonly open: {
    readonly worth: readonly string[];
    readonly next: { readonly input: string; readonly share: string; readonly rows: readonly { readonly when: string; readonly outcome: readonly string[] }[] } | null;
  } | null;
}

export interface Cases {
  readonly tried: readonly { readonly kind: string; readonly what: string; readonly by: string | null; readonly share: string; readonly condition?: string }[];
  readonly proposed: readonly { readonly name: string; readonly given: readonly string[]; readonly expect: readonly string[] }[];
  readonly written: string;
  readonly [more: string]: unknown;
}

export interface Region {
  readonly when: readonly string[];
  readonly count: CountOf;
  readonly directions: readonly string[];
  readonly changes: readonly { readonly answer: string; readonly from: readonly string[]; readonly to: readonly string[]; readonly added: readonly string[]; readonly lost: readonly string[] }[];
  readonly example: string;
  readonly request: Request;
  readonly before: readonly { readonly rule: string; readonly because: string }[];
  readonly after: readonly { readonly rule: string; readonly because: string }[];
}

export interface Changes {
  readonly summary: string;
  readonly decides_differently: boolean;
  readonly newly_accepted: { readonly count: CountOf; readonly example: string } | null;
  readonly no_longer_accepted: { readonly count: CountOf; readonly example: string } | null;
  readonly changed: CountOf;
  readonly reason_only: CountOf;
  readonly regions: readonly Region[];
  readonly more: { readonly regions: number | null; readonly count: CountOf } | null;
  readonly vocabulary: readonly string[];
  readonly unsure: readonly string[];
  readonly rules: readonly { readonly rule: string; readonly change: string; readonly was: string | null }[];
  readonly promises: readonly string[];
}

export interface Replayed {
  readonly [more: string]: unknown;
}

export type { Answer, Built, Labels, Named, Place, Shares };
