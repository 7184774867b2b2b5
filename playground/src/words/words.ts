// The words of the interface. In: a language. Out: sentences by name. A word that is missing shows its name and is told to the
// console; a test finds it before. Refuses to know where a sentence stands.

import { signal } from "@preact/signals";
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import english from "../../locales/en.ftl?raw";
import { recall, remember } from "../state/memory";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

const OTHER: Readonly<Record<Exclude<Language, "en">, () => Promise<{ default: string }>>> = {
  de: () => import("../../locales/de.ftl?raw"),
};

function bundle(language: string, text: string): FluentBundle {
  const made = new FluentBundle(language, { useIsolating: false });
  for (const error of made.addResource(new FluentResource(text))) console.warn(error);
  return made;
}

const fallback = bundle("en", english);
const current = signal(fallback);
export const language = signal<Language>("en");

/** Changes the language of the interface; an element in somebody else's page leaves the page alone. */
export async function speak(wanted: Language, forPage = true): Promise<void> {
  current.value = wanted === "en" ? fallback : bundle(wanted, (await OTHER[wanted]()).default);
  language.value = wanted;
  if (!forPage) return;
  document.documentElement.lang = wanted;
  remember("language", wanted);
}

/** The language that was chosen before, or the first known one of the browser. */
export function usual(): Language {
  const known = (one: string | undefined): one is Language => one !== undefined && one in LANGUAGES;
  const chosen = recall("language");
  if (known(chosen)) return chosen;
  return navigator.languages.map((one) => one.slice(0, 2)).find(known) ?? "en";
}

/** A sentence. */
export function t(name: string, values?: Readonly<Record<string, FluentVariable>>): string {
  for (const found of [current.value, fallback]) {
    const pattern = found.getMessage(name)?.value;
    if (pattern) return found.formatPattern(pattern, values);
  }
  console.warn(`there are no words for ${name}`);
  return name;
}

/** How dates and numbers are written: as the reader's own place does in this language. */
export const locale = (): string => navigator.languages.find((one) => one.startsWith(language.value)) ?? language.value;

/** A number as people write it. */
export const grouped = (number: number | bigint | string): string =>
  new Intl.NumberFormat(locale()).format(typeof number === "string" ? BigInt(number) : number);
