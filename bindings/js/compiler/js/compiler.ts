// The compiler around its WebAssembly. In: a compiled module of it, files. Out: data. What is wrong with a policy is data; an
// exception is the caller's mistake, or a `CompilerError` when the compiler itself broke off. After that it starts afresh, and
// every project goes on: its files are kept here. Refuses to know policies.

import { __wbg_reset_state, fitting, initSync, Project as Raw, page, version } from "./glue/compiler.js";
import type { Answer, Built, Checked, Diagnostic, Fitting, Labels, Look, Named, Promised, Shares, Tested } from "./types.js";

/** The compiler broke off in the middle. Nothing is lost: the next question is answered by a fresh one. */
export class CompilerError extends Error {
  override name = "CompilerError";
}

/** How many times the compiler was started; what an older one held is gone. */
let generation = 0;
let broken = false;

/** Calls into the compiler; a trap throws away the instance, whose memory nobody can trust. */
function guarded<T>(call: () => T): T {
  if (broken) {
    __wbg_reset_state();
    generation++;
    broken = false;
  }
  try {
    return call();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    // The new instance is made with the next question: here there may be no stack left for it.
    broken = true;
    throw new CompilerError("the compiler broke off; ask again", { cause: error });
  }
}

/** Starts the compiler. */
export function start(module: WebAssembly.Module): Compiler {
  initSync({ module });
  return {
    version: version(),
    project: (files, options) => new Project(files, options?.lock),
    page: (code) => guarded(() => page(code)),
    fitting: (before) => guarded(() => fitting(before) as Fitting),
  };
}

/** The compiler. */
export interface Compiler {
  readonly version: string;
  /** Files by name, perhaps with the name of the one that is the lock of the others. */
  project(files: Readonly<Record<string, string>>, options?: { readonly lock?: string }): Project;
  /** The page about a diagnostic code, in Markdown. */
  page(code: string): string | undefined;
  /** What may be written behind a text, for completion: the text ends before the word that is being written. */
  fitting(before: string): Fitting;
}

function distinct(newer: Project, older: Project): void {
  if (older === newer) throw new Error("compare two projects: a project has one version of each file");
}

type Said = { text?: string; diagnostics?: string; reason?: string };

function answer<T>(said: Said, read: (text: string) => T): Answer<T> {
  if (said.text !== undefined) return { ok: true, value: read(said.text) };
  if (said.diagnostics !== undefined) return { ok: false, diagnostics: JSON.parse(said.diagnostics) as Diagnostic[] };
  return { ok: false, reason: said.reason ?? "" };
}

const json = (text: string): unknown => JSON.parse(text);
const plain = (text: string): string => text;
const counted = <T>(one: Record<string, unknown>, keys: readonly string[]): T =>
  ({ ...one, ...Object.fromEntries(keys.map((key) => [key, BigInt(one[key] as string)])) }) as T;

/** The files of one place. What is asked twice is worked out once. */
export class Project {
  readonly #files: readonly { name: string; text: string }[];
  readonly #lock: string | undefined;
  #raw: Raw | undefined;
  #generation = -1;

  /** @internal */
  constructor(files: Readonly<Record<string, string>>, lock?: string) {
    this.#files = Object.keys(files).map((name) => ({ name, text: String(files[name]) }));
    this.#lock = lock;
    this.#ask(() => {});
  }

  #ask<T>(ask: (raw: Raw) => T): T {
    return guarded(() => {
      if (!this.#raw || this.#generation !== generation) {
        this.#raw = new Raw(this.#files, this.#lock);
        this.#generation = generation;
      }
      return ask(this.#raw);
    });
  }

  /** Everything that is wrong with a file, and what is proved of it. */
  check(name: string): Checked {
    const said = this.#ask((raw) => raw.check(name)) as Said;
    const { valid_requests: requests, promises, examples, ...rest } = JSON.parse(said.text!);
    return {
      ...rest,
      ...(requests !== undefined && { requests: BigInt(requests) }),
      asserts: promises.map((one: Record<string, unknown>) => counted<Promised>(one, ["requests"])),
      tests: examples.map((one: Record<string, unknown>) => counted<Tested>(one, ["requests", "failing"])),
    };
  }

  /** A file in its one spelling; nothing while it cannot be read. */
  format(name: string): string | undefined {
    return this.#ask((raw) => raw.format(name));
  }

  /** The module. `strip` leaves reasons out; `trial` makes one although promises are broken, to try requests with. */
  build(name: string, options: { readonly strip?: boolean; readonly trial?: boolean } = {}): Answer<Built> {
    const said = this.#ask((raw) => raw.build(name, options.strip ?? false, options.trial ?? false)) as Said & {
      module?: Uint8Array<ArrayBuffer>;
      sizes: Built["sizes"];
      schema: bigint;
    };
    if (said.module === undefined) return answer(said, () => undefined as never);
    // The compiler leaves this look to the engine that is here anyway.
    if (!WebAssembly.validate(said.module)) throw new CompilerError("the compiler made a module that is not valid");
    return { ok: true, value: { module: said.module, sizes: said.sizes, schema: Number(said.schema) } };
  }

  /** Types for another language. */
  types(name: string, language: "typescript" | "c" | "rust" = "typescript"): Answer<string> {
    return answer(this.#ask((raw) => raw.types(name, language)) as Said, plain);
  }

  /** Decision tables. */
  table(name: string, options: Look & { readonly otherwise?: boolean } = {}): Answer<unknown> {
    return answer(this.#ask((raw) => raw.table(name, { ...options, form: "json" })) as Said, json);
  }

  /** Decision tables as Markdown, CSV or a page. */
  tableText(name: string, form: "markdown" | "csv" | "html", options: Look & { readonly otherwise?: boolean } = {}): Answer<string> {
    return answer(this.#ask((raw) => raw.table(name, { ...options, form })) as Said, plain);
  }

  /** The diagram of an answer: its questions, their ways, the outcomes. */
  draw(name: string, options: Look = {}): Answer<unknown> {
    return answer(this.#ask((raw) => raw.draw(name, { ...options, form: "json" })) as Said, json);
  }

  /** The diagram of an answer as a picture, or for Graphviz. */
  drawing(name: string, form: "svg" | "dot", options: Look = {}): Answer<string> {
    return answer(this.#ask((raw) => raw.draw(name, { ...options, form })) as Said, plain);
  }

  /** The hours of the twelve months from a day on (days since 1970-01-01). */
  year(name: string, from: number): Answer<unknown> {
    return answer(this.#ask((raw) => raw.year(name, { from, form: "json" })) as Said, json);
  }

  /** The same as a picture. */
  yearPicture(name: string, from: number): Answer<string> {
    return answer(this.#ask((raw) => raw.year(name, { from, form: "svg" })) as Said, plain);
  }

  /** Why a packed request is answered as it is, and what would change it; `given` names its identifiers, by input. */
  why(
    name: string,
    packed: Uint8Array,
    options: Look & { readonly audience?: "person" | "operator" | "author"; readonly given?: Readonly<Record<string, string>> } = {},
  ): Answer<unknown> {
    return answer(this.#ask((raw) => raw.why(name, packed, options)) as Said, json);
  }

  /** What the tests leave untried, and tests that would try it. */
  cases(name: string): Answer<unknown> {
    return answer(this.#ask((raw) => raw.cases(name)) as Said, json);
  }

  /** What changes from an older version to this one. */
  diff(name: string, older: Project, old: string): Answer<unknown> {
    return answer(this.#both(name, older, old, "json"), json);
  }

  /** The same for a pull request. */
  diffMarkdown(name: string, older: Project, old: string): Answer<string> {
    return answer(this.#both(name, older, old, "markdown"), plain);
  }

  /** Past decisions, the lines of a decision log, decided again by this version. */
  replay(name: string, older: Project, old: string, log: string): Answer<unknown> {
    distinct(this, older);
    return answer(older.#ask((before) => this.#ask((raw) => raw.replay(name, before, old, log))) as Said, json);
  }

  /** Every name of all files: where it is declared and where it is used. Files with mistakes have what could be read. */
  names(): readonly Named[] {
    return JSON.parse(this.#ask((raw) => raw.names())) as Named[];
  }

  /** What people call inputs, answers and their values, where the policy says so. */
  labels(name: string): Answer<Labels> {
    return answer(this.#ask((raw) => raw.schema(name)) as Said, json) as Answer<Labels>;
  }

  /** How much of the request space rules, terms and values of answers speak for. */
  shares(name: string): Answer<Shares> {
    return answer(this.#ask((raw) => raw.shares(name)) as Said, json) as Answer<Shares>;
  }

  #both(name: string, older: Project, old: string, form: string): Said {
    distinct(this, older);
    return older.#ask((before) => this.#ask((raw) => raw.diff(name, before, old, { form }))) as Said;
  }

  /** Gives the memory of this project back; asked again, it reads its files again. */
  free(): void {
    if (this.#generation === generation) this.#raw?.free();
    this.#raw = undefined;
  }
}
