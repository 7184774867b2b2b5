// From a rule to its text. In: the name of a rule. Out: the editor shows it. Refuses to search texts.

import { mark, show } from "../editor/desk";
import { names } from "../state/known";
import { say } from "../parts/notice";
import { t } from "../words/words";

const find = (rule: string) => names.peek()?.find(({ kind, name }) => (kind === "rule" || kind === "exception") && name === rule);

/** Shows a rule in the editor. */
export function showRule(rule: string): void {
  const found = find(rule);
  if (!found) {
    say(t("rule-elsewhere", { rule }));
    return;
  }
  const [file, from, to] = found.paragraph;
  show(file, from, to, false);
}

/** Marks the text of some rules. */
export function markRules(rules: readonly string[]): void {
  const places = rules.flatMap((rule) => {
    const found = find(rule);
    return found ? [{ file: found.paragraph[0], from: found.paragraph[1], to: found.paragraph[2] }] : [];
  });
  const [first] = places;
  if (first) {
    show(first.file, first.from, first.from, false);
    mark(places);
  }
}
