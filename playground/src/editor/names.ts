// Names under the cursor. In: what the compiler says of all names. Out: the symbol at a place, its places, what to show of it.
// Refuses to search texts: a name that the compiler did not find is none.

import { computed } from "@preact/signals";
import { names, shares } from "../state/known";
import type { Named, Place } from "../worker/protocol";

/** Symbols by file, with the places of each, in order. */
const places = computed(() => {
  const found = new Map<string, { readonly from: number; readonly to: number; readonly symbol: number }[]>();
  (names.value ?? []).forEach((one, symbol) => {
    for (const [file, from, to] of [one.at, ...one.uses]) {
      const list = found.get(file) ?? [];
      list.push({ from, to, symbol });
      found.set(file, list);
    }
  });
  for (const list of found.values()) list.sort((one, other) => one.from - other.from);
  return found;
});

/** The symbol at a place, and where its name stands there. */
export function symbolAt(file: string, at: number): { readonly named: Named; readonly number: number; readonly from: number; readonly to: number } | undefined {
  const found = places.value.get(file)?.find(({ from, to }) => from <= at && at <= to);
  const named = found && names.value?.[found.symbol];
  return named && { named, number: found.symbol, from: found.from, to: found.to };
}

/** Everywhere a symbol is named. */
export const everywhere = (named: Named): readonly Place[] => [named.at, ...named.uses];

/** The values of an input, a setting or an answer. */
export const valuesOf = (owner: number): readonly Named[] =>
  (names.value ?? []).filter((one) => one.kind === "value" && one.owner === owner);

/** How much of the request space it speaks for, in words; nothing where that is not known. */
export function shareOf(named: Named): { readonly applies?: string; readonly decides?: string } {
  const found = shares.value;
  if (!found) return {};
  if (named.kind === "rule" || named.kind === "exception") {
    const rule = found.rules.find((one) => one.name === named.name);
    return rule ? { applies: rule.applies.share, decides: rule.decides.share } : {};
  }
  if (named.kind === "term") {
    const term = found.terms.find((one) => one.name === named.name);
    return term?.holds ? { applies: term.holds.share } : {};
  }
  if (named.kind === "value" && named.owner !== undefined) {
    const answer = names.value?.[named.owner]?.name;
    const value = found.answers.find((one) => one.answer === answer && one.value === named.name);
    return value ? { decides: value.count.share } : {};
  }
  return {};
}

/** The rule or exception around a place. */
export function ruleAt(file: string, at: number): Named | undefined {
  return names.value?.find(
    ({ kind, paragraph: [own, from, to] }) => (kind === "rule" || kind === "exception") && own === file && from <= at && at <= to,
  );
}
