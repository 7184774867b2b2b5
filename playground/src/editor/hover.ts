// What a name is, shown beside the cursor. In: a place. Out: a tooltip of text nodes. Refuses to show what is not known.

import type { Tooltip, EditorView } from "@codemirror/view";
import { open } from "../state/work";
import { t } from "../words/words";
import { shareOf, symbolAt, valuesOf } from "./names";
import { names } from "../state/known";

const MOST_VALUES = 14;

function part(parent: HTMLElement, tag: string, text: string, kind = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  parent.append(made);
  return made;
}

/** The tooltip of a place. */
export function hover(_: EditorView, at: number): Tooltip | null {
  const found = symbolAt(open.peek(), at);
  if (!found) return null;
  const { named, number, from, to } = found;
  return {
    pos: from,
    end: to,
    above: true,
    create() {
      const dom = document.createElement("div");
      dom.className = "kw-hover";
      const head = part(dom, "div", "");
      part(head, "span", `${t(`kind-${named.kind}`)} `, "kind");
      part(head, "code", named.name);
      const owner = named.owner === undefined ? undefined : names.peek()?.[named.owner];
      if (owner) part(head, "span", ` ${t("hover-of", { owner: owner.name })}`, "kind");
      if (named.text) part(dom, "p", named.text);
      if (named.detail && named.kind !== "rule" && named.kind !== "exception") part(part(dom, "p", ""), "code", named.detail);
      const values = valuesOf(number);
      if (values.some(({ text }) => text)) {
        const list = part(dom, "p", "");
        for (const value of values.slice(0, MOST_VALUES)) {
          part(list, "code", value.name);
          if (value.text) part(list, "span", ` ${value.text}`);
          list.append(document.createElement("br"));
        }
        if (values.length > MOST_VALUES) part(list, "span", t("hover-more", { count: values.length - MOST_VALUES }), "kind");
      }
      const { applies, decides } = shareOf(named);
      if (named.kind === "term" && applies) part(dom, "p", t("hover-holds", { share: applies }), "kind");
      else if (applies) part(dom, "p", t("hover-applies", { applies, decides: decides ?? "" }), "kind");
      else if (decides) part(dom, "p", t("hover-decides", { share: decides }), "kind");
      const files = new Set(named.uses.map(([file]) => file)).size;
      part(dom, "p", t("hover-used", { count: named.uses.length, files }), "kind");
      return { dom };
    },
  };
}
