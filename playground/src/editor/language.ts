// The language for the editor: colours, folding, comments. In: the generated grammar. Out: an extension. Refuses to know names.

import { foldNodeProp, HighlightStyle, LanguageSupport, LRLanguage, syntaxHighlighting } from "@codemirror/language";
import { styleTags, tags as t } from "@lezer/highlight";
import { parser } from "./grammar.js";

const language = LRLanguage.define({
  name: "ward",
  parser: parser.configure({
    props: [
      styleTags({
        "Starter Optional Bare": t.definitionKeyword,
        Keyword: t.keyword,
        Value: t.atom,
        Text: t.string,
        "Date Time Number": t.number,
        Comment: t.lineComment,
        "Defined/Word": t.definition(t.variableName),
        "Name/Word": t.variableName,
        Sign: t.invalid,
      }),
      foldNodeProp.add({
        Paragraph: (node, state) => {
          const end = state.doc.lineAt(node.from).to;
          return end < node.to ? { from: end, to: node.to } : null;
        },
      }),
    ],
  }),
  languageData: { commentTokens: { line: "#" }, wordChars: "._", closeBrackets: { brackets: ['"'] } },
});

const colours = HighlightStyle.define([
  { tag: t.definitionKeyword, color: "var(--code-start)", fontWeight: "600" },
  { tag: t.keyword, color: "var(--code-word)" },
  { tag: t.atom, color: "var(--code-value)" },
  { tag: t.string, color: "var(--code-text)" },
  { tag: t.number, color: "var(--code-value)" },
  { tag: t.lineComment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: t.definition(t.variableName), color: "var(--code-name)", fontWeight: "600" },
  { tag: t.variableName, color: "var(--code-name)" },
  { tag: t.invalid, color: "var(--bad)" },
]);

/** The language with its colours. */
export const ward = () => new LanguageSupport(language, [syntaxHighlighting(colours)]);
