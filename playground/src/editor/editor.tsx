// The text editor. In: the files being worked on. Out: edits. It lives in a shadow tree, where its styles need no exception from
// the page's rules. Refuses to compile: problems, names and completions come from the compiler.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, StateEffect, StateField, type Extension } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
  type DecorationSet,
} from "@codemirror/view";
import { effect, untracked } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { checked, edit, generation, open, version } from "../state/work";
import { names } from "../state/known";
import { language, t } from "../words/words";
import { complete } from "./complete";
import { applyEdits, cursor, makeWith, marks, putAllAside, putAside, show, stateOf, use } from "./desk";
import { hover } from "./hover";
import { ward } from "./language";
import { look, sheet } from "./look";
import { everywhere, symbolAt } from "./names";
import { askToRename } from "./rename";
import { formatFile } from "./format";
import type { Finding } from "../worker/protocol";


const phrases = new Compartment();

/** The names are those of the text again. */
const named = StateEffect.define<null>();

function used(state: EditorState): DecorationSet {
  const { head, empty } = state.selection.main;
  const found = empty ? symbolAt(open.peek(), head) : undefined;
  if (!found) return Decoration.none;
  const here = everywhere(found.named).filter(([file, , to]) => file === open.peek() && to <= state.doc.length);
  return Decoration.set(here.map(([, from, to]) => Decoration.mark({ class: "kw-use" }).range(from, to)), true);
}

/** Everywhere the name under the cursor is used. While the text is newer than what is known of it, marks move along. */
const uses = StateField.define<DecorationSet>({
  create: used,
  update(set, transaction) {
    if (transaction.docChanged) return set.map(transaction.changes);
    const again = transaction.selection !== undefined || transaction.effects.some((effect) => effect.is(named));
    return again ? used(transaction.state) : set;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// ---- texts in and out

function said(update: { readonly docChanged: boolean; readonly selectionSet: boolean; readonly state: EditorState }): void {
  const file = open.peek();
  if (update.docChanged) edit(file, update.state.doc.toString());
  if (update.docChanged || update.selectionSet) cursor.value = { file, at: update.state.selection.main.head };
}

function words(): Extension {
  const all = ["Find", "Replace", "next", "previous", "all", "match case", "by word", "regexp", "replace", "replace all", "close", "current match", "on line", "replaced match on line $", "replaced $ matches", "Diagnostics", "No diagnostics", "Folded lines", "Unfolded lines", "to", "folded code", "unfold", "Fold line", "Unfold line", "Completions", "Control character", "Selection deleted", "Go to line", "go"];
  if (language.peek() === "en") return [];
  return EditorState.phrases.of(Object.fromEntries(all.map((one) => [one, t(`editor-${one.toLowerCase().replaceAll(/[^a-z]+/g, "-").replace(/-$/, "")}`)])));
}

function extensions(): Extension {
  return [
    lineNumbers(),
    foldGutter(),
    codeFolding(),
    lintGutter(),
    history(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    indentUnit.of("  "),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches({ minSelectionLength: 3 }),
    search({ top: true }),
    autocompletion({ override: [complete], icons: false, activateOnTypingDelay: 60, maxRenderedOptions: 60 }),
    hoverTooltip(hover, { hoverTime: 350 }),
    marks,
    uses,
    ward(),
    look,
    phrases.of(words()),
    EditorView.contentAttributes.of({ "aria-label": t("editor-label"), tabindex: "0", spellcheck: "false", autocapitalize: "off", translate: "no" }),
    EditorView.updateListener.of(said),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (!(event.ctrlKey || event.metaKey) || event.button !== 0) return false;
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        return at !== null && define(at);
      },
      paste(event) {
        // A whole policy that is pasted gets the one spelling of the language.
        const text = event.clipboardData?.getData("text/plain") ?? "";
        if (/^\s*edition \d+\s/.test(text)) setTimeout(() => void formatFile(open.peek()), 250);
        return false;
      },
    }),
    keymap.of([
      { key: "Mod-s", preventDefault: true, run: () => (void formatFile(open.peek()), true) },
      { key: "Shift-Alt-f", run: () => (void formatFile(open.peek()), true) },
      { key: "F12", run: (view) => define(view.state.selection.main.head) },
      { key: "F2", run: (view) => rename(view) },
      { key: "Mod-.", run: (view) => fix(view) },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.lineWrapping,
  ];
}

makeWith(extensions);

// ---- going somewhere

function define(at: number): boolean {
  const found = symbolAt(open.peek(), at);
  if (!found) return false;
  const [file, from, to] = found.named.at;
  show(file, from, to);
  return true;
}

function rename(view: EditorView): boolean {
  const found = symbolAt(open.peek(), view.state.selection.main.head);
  if (!found || found.named.kind === "test") return false;
  askToRename(found.number);
  return true;
}

/** Applies the first fix of a problem under the cursor. */
function fix(view: EditorView): boolean {
  const at = view.state.selection.main.head;
  const line = view.state.doc.lineAt(at);
  const here = problems(open.peek()).filter(({ at: place }) => place.start <= line.to && place.end >= line.from);
  const hint = here.flatMap(({ hints }) => hints).find(({ edits }) => edits.length > 0);
  if (hint) applyEdits(hint.edits);
  return hint !== undefined;
}

// ---- problems

const problems = (file: string): readonly Finding[] => (checked.peek()?.value.diagnostics ?? []).filter(({ at }) => at.file === file);

function diagnostics(file: string, length: number): Diagnostic[] {
  return problems(file).map((one) => {
    const from = Math.min(one.at.start, length);
    return {
      from,
      to: Math.min(Math.max(one.at.end, from), length),
      severity: one.severity === "note" ? "info" : one.severity,
      source: one.code,
      message: one.message,
      actions: one.hints
        .filter(({ edits }) => edits.length > 0)
        .map((hint) => ({ name: hint.text, apply: () => applyEdits(hint.edits) })),
    };
  });
}

/** The editor. */
export function Editor() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const shadow = place.current!.shadowRoot ?? place.current!.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    const shown = new EditorView({ state: stateOf(open.peek()), parent: shadow, root: shadow });
    use(shown);
    let [file, born] = [open.peek(), generation.peek()];
    const stops = [
      effect(() => {
        const [next, age] = [open.value, generation.value];
        if (next === file && age === born) return;
        if (age === born) putAside(file, shown.state);
        else putAllAside();
        [file, born] = [next, age];
        untracked(() => {
          shown.setState(stateOf(next));
          const { head } = shown.state.selection.main;
          cursor.value = { file: next, at: head };
          shown.dispatch(setDiagnostics(shown.state, diagnostics(next, shown.state.doc.length)));
        });
      }),
      effect(() => {
        const known = checked.value;
        if (!known) return;
        untracked(() => {
          if (known.at.files === version.peek().number) {
            shown.dispatch(setDiagnostics(shown.state, diagnostics(open.peek(), shown.state.doc.length)));
          }
        });
      }),
      effect(() => {
        void names.value;
        untracked(() => shown.dispatch({ effects: named.of(null) }));
      }),
      effect(() => {
        void language.value;
        untracked(() => shown.dispatch({ effects: phrases.reconfigure(words()) }));
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      putAside(file, shown.state);
      shown.destroy();
      use(undefined);
    };
  }, []);
  return <div class="editor" ref={place} />;
}
