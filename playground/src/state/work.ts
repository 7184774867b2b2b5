// What is being worked on: files, the one in the editor, the one that is looked at, and what the compiler says of them.
// In: edits. Out: signals. Every edit gives the files a new number, under which the worker knows them. Refuses to know the DOM.

import { batch, computed, signal } from "@preact/signals";
import { ask, forget, give, Superseded } from "../worker/client";
import { born, known } from "./timing";
import type { Answer, At, Built, CheckedHere, Files, Labels, Named } from "../worker/protocol";

/** A text may have so many characters in all files together. */
export const LARGEST = 4 << 20;

/** Files under their number. */
export interface Version {
  readonly number: number;
  readonly files: Files;
}

let numbers = 0;

/** Puts files under a number. */
export function numbered(files: Files): Version {
  const number = ++numbers;
  give(number, files);
  return { number, files };
}

export const version = signal<Version>({ number: 0, files: {} });
/** The file in the editor. */
export const open = signal("");
/** The policy that the views show. */
export const main = signal("");
/** Counts whole new works: the editor throws its texts away. */
export const generation = signal(0);

export const at = computed<At>(() => ({ files: version.value.number, main: main.value }));

interface Known<T> {
  readonly at: At;
  readonly value: T;
}

export const checked = signal<Known<CheckedHere> | undefined>(undefined);
export const names = signal<Known<readonly Named[]> | undefined>(undefined);
export const trial = signal<Known<Answer<Built>> | undefined>(undefined);
export const labels = signal<Labels>({ inputs: {}, decisions: {} });
/** What the compiler could not do at all. */
export const trouble = signal("");

/** An older version to compare with. */
export interface Baseline {
  readonly version: Version;
  readonly main: string;
  readonly from: "example" | "shared" | "dropped" | "kept";
  readonly name: string;
}

export const baseline = signal<Baseline | undefined>(undefined);

/** Takes an older version to compare with. */
export function compareWith(files: Files, name: string, from: Baseline["from"], label: string): void {
  const before = baseline.peek();
  baseline.value = { version: numbered(files), main: name, from, name: label };
  if (before) forget(before.version.number);
}

/** Begins with other files. */
export function begin(files: Files, meant: string, inEditor = meant): void {
  batch(() => {
    const before = version.peek().number;
    version.value = numbered(files);
    open.value = inEditor in files ? inEditor : meant;
    main.value = meant;
    generation.value++;
    checked.value = names.value = trial.value = undefined;
    forget(before);
  });
  study();
}

/** Replaces the text of a file; creates it where there is none. */
export function edit(name: string, text: string): void {
  const before = version.peek();
  if (before.files[name] === text) return;
  const next = numbered({ ...before.files, [name]: text });
  born(next.number);
  version.value = next;
  forget(before.number);
  study();
}

/** Renames a file. */
export function renameFile(from: string, to: string): void {
  const before = version.peek();
  if (from === to || to in before.files) return;
  const files = Object.fromEntries(Object.entries(before.files).map(([name, text]) => [name === from ? to : name, text]));
  batch(() => {
    version.value = numbered(files);
    if (open.peek() === from) open.value = to;
    if (main.peek() === from) main.value = to;
    forget(before.number);
  });
  study();
}

/** Takes a file away; the last one stays. */
export function removeFile(name: string): void {
  const before = version.peek();
  const { [name]: _, ...files } = before.files;
  const rest = Object.keys(files);
  if (!rest.length) return;
  batch(() => {
    version.value = numbered(files);
    if (open.peek() === name) open.value = rest[0]!;
    if (main.peek() === name) main.value = rest[0]!;
    forget(before.number);
  });
  study();
}

/** Looks at another policy. */
export function lookAt(name: string): void {
  if (main.peek() === name) return;
  main.value = name;
  study();
}

/** Asks the compiler everything that is always shown. */
export function study(): void {
  const here = at.peek();
  if (!here.main) return;
  const keep = <T>(promise: Promise<T>, put: (value: T) => void) =>
    promise.then(
      (value) => {
        if (at.peek().files === here.files && at.peek().main === here.main) {
          trouble.value = "";
          put(value);
        }
      },
      (error: Error) => {
        if (!(error instanceof Superseded)) trouble.value = error.message;
      },
    );
  void keep(ask("check", here), (value) => {
    checked.value = { at: here, value };
    known("check", here.files);
  });
  void keep(ask("names", { files: here.files }), (value) => (names.value = { at: here, value }));
  void keep(ask("labels", here), (value) => {
    if (value.ok) labels.value = value.value;
  });
  void keep(ask("module", { ...here, trial: true }), (value) => (trial.value = { at: here, value }));
}
