// The compiler beside the page. In: files and questions. Out: answers, each with the time it took. One question at a time; what
// goes wrong is told, and the next question finds a fresh compiler. Refuses to keep more than a few versions of the files.

import { load, type Compiler, type Project } from "@keyward/compiler";
import wasm from "@keyward/compiler/compiler.wasm?url";
import { offsets } from "./offsets";
import type { Ask, Asks, At, CheckedHere, Files, Finding, FromWorker, Labelled, Looking, Named, Place, ToWorker } from "./protocol";

const say = (message: FromWorker) => postMessage(message);
const given = new Map<number, Files>();
const projects = new Map<number, Project>();
let compiler: Compiler;

function project(number: number): Project {
  let found = projects.get(number);
  if (!found) {
    const files = given.get(number);
    if (!files) throw new Error(`there are no files ${number}`);
    found = compiler.project(files);
    projects.set(number, found);
  }
  return found;
}

const look = ({ decision, answers, only }: Looking) => ({
  ...(decision !== undefined && { decision }),
  ...(answers !== undefined && { answers }),
  ...(only !== undefined && { only }),
});

/** Turns bytes into places of strings. */
function placer(number: number): (file: string | null, byte: number) => number {
  const known = new Map<string, (byte: number) => number>();
  return (file, byte) => {
    if (file === null) return 0;
    let convert = known.get(file);
    if (!convert) known.set(file, (convert = offsets(given.get(number)?.[file] ?? "")));
    return convert(byte);
  };
}

function checked({ files, main }: At): CheckedHere {
  const found = project(files).check(main);
  const place = placer(files);
  const moved = <T extends Labelled>(one: T): T => ({ ...one, start: place(one.file, one.start), end: place(one.file, one.end) });
  const diagnostics = (found.diagnostics as unknown as Finding[]).map((one) => ({
    ...one,
    at: moved(one.at),
    labels: one.labels.map(moved),
    hints: one.hints.map((hint) => ({ ...hint, edits: hint.edits.map(moved) })),
  }));
  return { ...found, diagnostics };
}

function names(files: number): readonly Named[] {
  const place = placer(files);
  const moved = ([file, start, end]: Place): Place => [file, place(file, start), place(file, end)];
  return project(files)
    .names()
    .map((one) => ({ ...one, at: moved(one.at), paragraph: moved(one.paragraph), uses: one.uses.map(moved) }));
}

type Doing = { readonly [A in Ask]: (what: Asks[A][0]) => unknown };

const DOING: Doing = {
  check: checked,
  names: ({ files }) => names(files),
  module: ({ files, main, strip, trial }) => project(files).build(main, { strip: strip ?? false, trial: trial ?? false }),
  labels: ({ files, main }) => project(files).labels(main),
  shares: ({ files, main }) => project(files).shares(main),
  table: ({ files, main, otherwise, ...more }) => project(files).table(main, { ...look(more), otherwise: otherwise ?? false }),
  tableText: ({ files, main, form, otherwise, ...more }) =>
    project(files).tableText(main, form, { ...look(more), otherwise: otherwise ?? false }),
  draw: ({ files, main, ...more }) => project(files).draw(main, look(more)),
  drawing: ({ files, main, form, ...more }) => project(files).drawing(main, form, look(more)),
  why: ({ files, main, packed, given, ...more }) => project(files).why(main, packed, { ...look(more), audience: "author", given }),
  cases: ({ files, main }) => project(files).cases(main),
  diff: ({ newer, older }) => project(newer.files).diff(newer.main, project(older.files), older.main),
  diffMarkdown: ({ newer, older }) => project(newer.files).diffMarkdown(newer.main, project(older.files), older.main),
  replay: ({ newer, older, log }) => project(newer.files).replay(newer.main, project(older.files), older.main, log),
  types: ({ files, main, language }) => project(files).types(main, language),
  format: ({ files, main }) => project(files).format(main),
  fitting: ({ before }) => compiler.fitting(before),
  page: ({ code }) => compiler.page(code),
};

const ready = (async () => {
  try {
    compiler = await load(fetch(wasm));
    say({ kind: "ready", version: compiler.version });
  } catch (error) {
    say({ kind: "unable", why: (error as Error).message });
    throw error;
  }
})();

onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  await ready;
  if (data.kind === "files") {
    given.set(data.number, data.files);
    return;
  }
  if (data.kind === "forget") {
    projects.get(data.number)?.free();
    projects.delete(data.number);
    given.delete(data.number);
    return;
  }
  const started = performance.now();
  try {
    const value = (DOING[data.ask] as (what: unknown) => unknown)(data.what);
    say({ kind: "answer", id: data.id, value, took: performance.now() - started });
  } catch (error) {
    say({ kind: "broken", id: data.id, why: (error as Error).message });
  }
};
