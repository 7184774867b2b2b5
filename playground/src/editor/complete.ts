// Completion: what fits here. In: the text before the cursor. Out: words of the language that the compiler says would fit, names
// and values that belong there. Refuses to offer words inside texts and comments.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { names } from "../state/known";
import { ask, Superseded } from "../worker/client";
import type { Named } from "../worker/protocol";
import { t } from "../words/words";

/** The kinds of names that stand where a condition or an effect begins. */
const SUBJECTS = ["input", "setting", "term", "answer"];

interface Place {
  /** The paragraph's first word. */
  readonly starter: string;
  /** The last words before the cursor. */
  readonly before: string;
}

function placeOf(text: string): Place {
  const starters = /(?:^|\n)\s*(use|constant|fix|optional|input|setting|group|calendar|term|assume|decision|normally|rule|exception|test|assert|if(?= unsure))\b/g;
  let starter = "";
  let from = 0;
  for (const found of text.matchAll(starters)) [starter, from] = [found[1]!, found.index];
  return { starter, before: text.slice(from).replaceAll(/\s+/g, " ") };
}

/** The name on the left of the test or effect that is being written. */
function subjectOf(before: string): string | undefined {
  const found = /([a-z][\w.]*) (?:is|are|include|includes|omit|do not include|becomes)(?: not)?(?: at least| at most| one of| all of| only)?(?: [\w, ]*)?$/.exec(before);
  return found?.[1];
}

function owner(subject: string): number {
  const all = names.peek() ?? [];
  const whole = all.findIndex(({ kind, name }) => (kind === "input" || kind === "setting") && name === subject);
  if (whole >= 0) return whole;
  const own = subject.slice(subject.lastIndexOf(".") + 1);
  return all.findIndex(({ kind, name }) => kind === "answer" && name === own);
}

const offer = (named: Named, label: string, boost: number): Completion => ({
  label,
  type: named.kind,
  detail: named.text ?? named.detail?.slice(0, 60) ?? t(`kind-${named.kind}`),
  boost,
});

/** An answer is named with its decision in tests and asserts, alone in rules. */
function subject(named: Named, all: readonly Named[], starter: string): string {
  const inRule = ["rule", "exception", "normally", "if"].includes(starter);
  return named.kind === "answer" && !inRule && named.owner !== undefined ? `${all[named.owner]?.name}.${named.name}` : named.name;
}

function named({ starter, before }: Place, fits: { readonly name: boolean; readonly value: boolean }): Completion[] {
  const all = names.peek() ?? [];
  const kinds = (...wanted: string[]) => all.filter(({ kind }) => wanted.includes(kind));
  const plain = (list: readonly Named[], boost = 1) => list.map((one) => offer(one, one.name, boost));
  if (/ (during|outside|except) $/.test(before)) return plain(kinds("calendar"));
  if (/ is (not )?in $/.test(before)) return plain(kinds("group"));
  if (/ not $/.test(before) && !/ is not $/.test(before)) return plain(kinds("term"));
  if (/^ ?exception [\w.]+ ("[^"]*" )?to ([\w.]+, )*$/.test(before)) return plain(kinds("rule", "exception"));
  if (/ of $/.test(before) && starter === "group") return plain(kinds("input"));
  if (/^ ?(use|.*refines) $/.test(before)) return plain(kinds("policy"));
  const left = subjectOf(before);
  const values = left === undefined ? -1 : owner(left);
  if (fits.value || values >= 0) {
    const own = all.filter(({ kind, owner }) => kind === "value" && owner === values);
    if (own.length) return plain(own, 2);
    if (left !== undefined && all[values]?.detail?.startsWith("yes or no")) return [{ label: "yes", boost: 2 }, { label: "no", boost: 2 }];
  }
  if (!fits.name) return [];
  const effects = / then (.* and )?$/.test(before) || starter === "normally" || starter === "if";
  const list = effects && starter !== "assert" ? kinds("answer") : kinds(...SUBJECTS);
  const shown = starter === "test" || starter === "assert" ? list : list.filter(({ kind }) => effects || kind !== "answer");
  return shown.map((one) => offer(one, subject(one, all, starter), 1));
}

/** The source of completions. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[a-z][\w.]*/);
  if (!word && !context.explicit) return null;
  const inside = syntaxTree(context.state).resolveInner(context.pos, -1).name;
  if (inside === "Text" || inside === "Comment") return null;
  const from = word?.from ?? context.pos;
  const before = context.state.sliceDoc(0, from);
  let fits;
  try {
    fits = await ask("fitting", { before });
  } catch (error) {
    if (!(error instanceof Superseded)) console.warn(error);
    return null;
  }
  const place = placeOf(before);
  const words = fits.words.map((label): Completion => ({ label, type: "keyword" }));
  const options = [...named({ ...place, before: `${place.before.trimEnd()} ` }, fits), ...words];
  return options.length ? { from, options, validFor: /^[\w.]*$/ } : null;
}
