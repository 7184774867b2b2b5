// What the pictures show: which answer, and of which requests. In: choices. Out: signals. Refuses to know how they are drawn.

import { computed, signal } from "@preact/signals";
import { policy } from "./request";
import { at } from "./work";
import type { At, Looking } from "../worker/protocol";

/** The answer that is shown, `decision.answer`. */
export const answer = signal("");
/** A condition of the language that narrows the requests. */
export const only = signal("");
/** Tables: each row alone, or read from the top. */
export const otherwise = signal(false);

/** The answers there are. */
export const answers = computed<readonly string[]>(() =>
  (policy.value?.policy.decisions ?? []).flatMap((decision) => decision.answers.map(({ name }) => `${decision.name}.${name}`)),
);

/** The answer that is shown, or the first. */
export const shown = computed(() => (answers.value.includes(answer.value) ? answer.value : (answers.value[0] ?? "")));

/** The question behind a picture; nothing while no answer is known. */
export const looking = computed<(At & Looking) | undefined>(() =>
  shown.value ? { ...at.value, answers: [shown.value], ...(only.value.trim() && { only: only.value.trim() }) } : undefined,
);
