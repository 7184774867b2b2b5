// What people call the parts of a policy. In: the labels of a policy, names. Out: its words where it has them, else the name made
// readable. Refuses to translate: the words of a policy are its author's.

import type { Labels } from "@keyward/compiler";
import type { Said } from "@keyward/runtime";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { t } from "./words";

/** A name as words. */
export const readable = (name: string): string => name.replaceAll(/[._]/g, " ");

const first = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Minutes as people say them. */
export function minutesWords(minutes: number): string {
  if (minutes > 0 && minutes % 1440 === 0) return t("days", { count: minutes / 1440 });
  if (minutes > 0 && minutes % 60 === 0) return t("hours", { count: minutes / 60 });
  return t("minutes", { count: minutes });
}

/** The words of one policy. */
export class Words {
  constructor(readonly labels: Labels) {}

  /** An input. */
  input(name: string): string {
    return first(this.labels.inputs[name]?.text || readable(name));
  }

  /** A value of an input, as a request has it. */
  value(input: string, value: unknown): string {
    if (value === null) return t("not-set");
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (Array.isArray(value)) return value.length ? value.map((one) => this.value(input, one)).join(", ") : t("none-of-them");
    const name = String(value);
    return this.labels.inputs[input]?.values[name] || (/^[a-z]/.test(name) ? readable(name) : name);
  }

  /** A decision. */
  decision(name: string): string {
    return this.labels.decisions[name]?.text || first(readable(name));
  }

  /** An answer of a decision. */
  answer(decision: string, answer: string): string {
    return first(this.labels.decisions[decision]?.answers[answer]?.text || readable(answer));
  }

  /** One value or member of an answer. */
  member(decision: string, answer: string, name: string): string {
    return this.labels.decisions[decision]?.answers[answer]?.values[name] || readable(name);
  }

  /** What an answer says. */
  said(decision: string, answer: string, said: Said): string {
    if (said === null) return t("blank");
    if (typeof said === "boolean") return t(said ? "yes" : "no");
    if (typeof said === "number") return minutesWords(said);
    if (typeof said === "string") return said === "no limit" ? t("no-limit") : this.member(decision, answer, said);
    return said.length ? said.map((one) => this.member(decision, answer, one)).join(", ") : t("none");
  }
}

/** Nothing has a label. */
export const PLAIN: Labels = { inputs: {}, decisions: {} };

/** Whose words are shown, and the zone of its site. */
export const Spoken = createContext({ words: new Words(PLAIN), zone: "UTC" });

/** The words of the policy that is shown. */
export const useWords = (): Words => useContext(Spoken).words;
