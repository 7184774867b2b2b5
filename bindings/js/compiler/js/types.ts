// What the compiler says, as plain data. In: nothing. Out: types. The members are those of `--format json` of the `keyward`
// command; counts are BigInt, for they may be larger than any number of JavaScript.

/** A place in a file. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly [more: string]: unknown;
}

/** Something that was found in a policy. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  readonly [more: string]: unknown;
}

/** A promise and what became of it; `evidence` where it is broken or shown to be possible. */
export interface Promised {
  readonly name: string;
  readonly text: string;
  readonly form: "never" | "always" | "possible" | "unchanged" | "changes";
  readonly policy: string;
  readonly line: number;
  readonly holds: boolean;
  readonly requests: bigint;
  readonly share: string;
  readonly evidence?: Evidence;
}

/** A test and what became of it. */
export interface Tested {
  readonly name: string;
  readonly line: number;
  readonly holds: boolean;
  /** How many requests are like it, and how many of those turn out otherwise. */
  readonly requests: bigint;
  readonly failing: bigint;
  readonly evidence?: Evidence;
}

/** A request that shows it. */
export interface Evidence {
  readonly words: string;
  readonly decision: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly outcome: readonly string[];
  readonly deciders: readonly string[];
  readonly other?: { readonly outcome: readonly string[]; readonly words?: string; readonly request?: Readonly<Record<string, unknown>> };
}

/** What checking came to. Everything but the findings is missing as far as the policy could not be understood. */
export interface Checked {
  readonly file: string;
  readonly policy?: string;
  readonly version?: number;
  readonly rules?: number;
  /** How many requests are possible. */
  readonly requests?: bigint;
  readonly nodes?: number;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly asserts: readonly Promised[];
  readonly tests: readonly Tested[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A module. */
export interface Built {
  readonly module: Uint8Array<ArrayBuffer>;
  readonly sizes: { readonly bytes: number; readonly table: number; readonly code?: number; readonly nodes: number; readonly steps: number };
  /** The schema hash that packed requests carry. */
  readonly schema: number;
}

/** An answer; or the findings that stand in its way, or a sentence saying that there is too much to look at. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly diagnostics?: readonly Diagnostic[]; readonly reason?: string };

/** A file and a range of its bytes in UTF-8. */
export type Place = readonly [file: string, start: number, end: number];

/** A name of the files. */
export interface Named {
  readonly kind:
    | "policy" | "input" | "setting" | "constant" | "group" | "calendar" | "term" | "decision" | "answer" | "value" | "rule" | "exception"
    | "test" | "assert";
  /** The name; the sentence of a test. */
  readonly name: string;
  /** What it means to people. */
  readonly text?: string;
  /** Its type or condition as written, on one line. */
  readonly detail?: string;
  /** What it belongs to, by its place in the list: the input of a value, the decision of an answer. */
  readonly owner?: number;
  readonly at: Place;
  /** The paragraph that declares it. */
  readonly paragraph: Place;
  readonly uses: readonly Place[];
}

/** What may be written at a place. */
export interface Fitting {
  /** Words of the language. */
  readonly words: readonly string[];
  /** Whether something that has a name fits, and whether a value does. */
  readonly name: boolean;
  readonly value: boolean;
}

/** What people call something, and its values by name. */
export interface Label {
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What people call the parts of a policy. */
export interface Labels {
  readonly inputs: Readonly<Record<string, Label>>;
  readonly decisions: Readonly<Record<string, { readonly text: string; readonly answers: Readonly<Record<string, Label>> }>>;
}

/** A count, in digits, and as a share of all valid requests, in words. */
export interface Share {
  readonly requests: string;
  readonly share: string;
}

/** Shares of the request space. */
export interface Shares {
  readonly rules: readonly {
    readonly name: string;
    readonly file: string;
    readonly line: number;
    readonly decision: string;
    readonly applies: Share;
    readonly decides: Share;
  }[];
  readonly terms: readonly { readonly name: string; readonly holds: Share | null }[];
  readonly answers: readonly { readonly decision: string; readonly answer: string; readonly value: string; readonly count: Share }[];
}

/** What is looked at. */
export interface Look {
  /** A decision; all of them if none. */
  readonly decision?: string;
  /** Answers by name; all of them if none. */
  readonly answers?: readonly string[];
  /** A condition of the language that narrows the requests. */
  readonly only?: string;
}
