// The texts on the desk: the editor's view, the state of every file with its undo history, and edits from elsewhere.
// In: places and edits. Out: the same in the editor, or in the file that lies aside. Refuses to know what a policy is.

import { historyField } from "@codemirror/commands";
import { EditorState, StateEffect, StateField, Transaction, type Extension } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import { signal } from "@preact/signals";
import { edit, open, version } from "../state/work";

/** Where the cursor is; views show what belongs to it. */
export const cursor = signal({ file: "", at: 0 });

let view: EditorView | undefined;
/** The state of each file; fresh with each generation. */
let states = new Map<string, EditorState>();
let extensions: () => Extension = () => [];

/** Says which view there is. */
export function use(shown: EditorView | undefined): void {
  view = shown;
}

/** Says what editors are made of. */
export function makeWith(make: () => Extension): void {
  extensions = make;
}

/** Lays a file aside, with its undo history. */
export function putAside(file: string, state: EditorState): void {
  states.set(file, state);
}

/** Other files are worked on now. */
export function putAllAside(): void {
  states = new Map();
}

function fresh(file: string): EditorState {
  return EditorState.create({ doc: version.peek().files[file] ?? "", extensions: extensions() });
}

/** Puts the cursor back into the text. */
export function focusEditor(): void {
  view?.focus();
}

// ---- marks that views ask for

const setMarks = StateEffect.define<readonly { readonly from: number; readonly to: number }[]>();
export const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) next = Decoration.set(effect.value.map(({ from, to }) => Decoration.mark({ class: "kw-mark" }).range(from, to)), true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Shows a place in the editor. */
export function show(file: string, from: number, to = from, focus = true): void {
  if (!(file in version.peek().files)) return;
  open.value = file;
  const shown = view;
  if (!shown) return;
  const end = shown.state.doc.length;
  const [anchor, head] = [Math.min(from, end), Math.min(to, end)];
  // With the focus the place is selected; without, it is marked.
  const marked = focus || head <= anchor ? [] : [{ from: anchor, to: head }];
  const selection = { anchor, head: focus ? head : anchor };
  shown.dispatch({ selection, effects: [EditorView.scrollIntoView(anchor, { y: "center" }), setMarks.of(marked)] });
  if (focus) shown.focus();
}

/** Marks places without moving the cursor. */
export function mark(places: readonly { readonly file: string; readonly from: number; readonly to: number }[]): void {
  const shown = view;
  if (!shown) return;
  const end = shown.state.doc.length;
  const here = places.filter(({ file, from, to }) => file === open.peek() && from < to && to <= end);
  const effects: StateEffect<unknown>[] = [setMarks.of(here)];
  if (here[0]) effects.push(EditorView.scrollIntoView(here[0].from, { y: "center" }));
  shown.dispatch({ effects });
}

/** Edits files as one step of undo in each. */
export function applyEdits(edits: readonly { readonly file: string | null; readonly start: number; readonly end: number; readonly text: string }[]): void {
  const files = new Set(edits.map(({ file }) => file).filter((file) => file !== null));
  for (const file of files) {
    const changes = edits.filter((one) => one.file === file).map(({ start, end, text }) => ({ from: start, to: end, insert: text }));
    change(file, changes);
  }
}

/** Replaces a whole file, keeping what is the same: the cursor stays where it is and undo works. */
export function replaceText(file: string, text: string): void {
  const old = version.peek().files[file] ?? "";
  if (old === text) return;
  let start = 0;
  while (start < old.length && start < text.length && old[start] === text[start]) start++;
  let end = 0;
  while (end < old.length - start && end < text.length - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  change(file, [{ from: start, to: old.length - end, insert: text.slice(start, text.length - end) }]);
}

function change(file: string, changes: readonly { readonly from: number; readonly to: number; readonly insert: string }[]): void {
  if (file === open.peek() && view) {
    view.dispatch({ changes: [...changes], userEvent: "input.fix" });
    return;
  }
  const state = states.get(file) ?? fresh(file);
  const next = state.update({ changes: [...changes], annotations: Transaction.userEvent.of("input.fix") }).state;
  states.set(file, next);
  edit(file, next.doc.toString());
}

// ---- keeping drafts

/** Everything the editor knows of its files, undo included. */
export function keepStates(): Record<string, unknown> {
  if (view) states.set(open.peek(), view.state);
  return Object.fromEntries([...states].map(([file, state]) => [file, state.toJSON({ history: historyField })]));
}

let restored: Readonly<Record<string, unknown>> = {};

/** Takes it back before the files are begun. */
export function restoreStates(kept: Readonly<Record<string, unknown>>): void {
  restored = kept;
}

/** The state of a file: as it lay aside, as a draft kept it, or fresh. */
export function stateOf(file: string): EditorState {
  const text = version.peek().files[file] ?? "";
  const known = states.get(file);
  if (known && known.doc.toString() === text) return known;
  const kept = restored[file] as { doc?: unknown } | undefined;
  if (kept?.doc === text) {
    try {
      return EditorState.fromJSON(kept, { extensions: extensions() }, { history: historyField });
    } catch {
      // A draft of another version of the editor: the text is what counts.
    }
  }
  return fresh(file);
}
