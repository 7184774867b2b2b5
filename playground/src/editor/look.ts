// How the editor looks: the page's colours inside its shadow tree. In: nothing. Out: a theme and a style sheet. Refuses to choose
// colours: they are variables of the page.

import { EditorView } from "@codemirror/view";

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: block; height: 100%; min-height: 0; }
.cm-editor { height: 100%; }
`);

export const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "var(--code-size)" },
  ".cm-content:focus-visible": { outline: "none" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "10px 0 40vh" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--line-here)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "var(--selection) !important" },
  ".cm-selectionMatch": { backgroundColor: "var(--match)" },
  ".kw-use": { backgroundColor: "var(--match)", borderRadius: "2px" },
  ".kw-mark": { backgroundColor: "var(--mark)", outline: "1px solid var(--mark-edge)", borderRadius: "2px" },
  ".cm-foldPlaceholder": { background: "var(--panel)", border: "1px solid var(--edge)", color: "var(--soft)", padding: "0 6px" },
  ".cm-tooltip": { background: "var(--panel)", color: "var(--ink)", border: "1px solid var(--edge)", borderRadius: "6px", boxShadow: "var(--shadow)", maxWidth: "min(36rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.8", marginLeft: "1em" },
  ".cm-completionInfo": { padding: "6px 10px", maxWidth: "22rem", fontFamily: "var(--sans)" },
  ".cm-diagnostic": { padding: "6px 10px", fontFamily: "var(--sans)", whiteSpace: "pre-wrap" },
  ".cm-diagnosticAction": { background: "var(--accent)", color: "var(--on-accent)", borderRadius: "4px", padding: "2px 8px", font: "inherit" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad) 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn) 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-info": { backgroundImage: "none", textDecoration: "underline dotted var(--accent) 1.5px", textUnderlineOffset: "3px" },
  ".cm-panels": { background: "var(--panel)", color: "var(--ink)", borderColor: "var(--edge)" },
  ".cm-panels input, .cm-panels button": { font: "inherit", color: "var(--ink)", background: "var(--paper)", backgroundImage: "none", border: "1px solid var(--edge)", borderRadius: "4px", padding: "2px 6px" },
  ".kw-hover": { padding: "8px 12px", fontFamily: "var(--sans)", fontSize: "14px", lineHeight: "1.45" },
  ".kw-hover code": { fontFamily: "var(--mono)", fontSize: "13px" },
  ".kw-hover .kind": { color: "var(--soft)" },
  ".kw-hover p": { margin: "4px 0 0" },
});
