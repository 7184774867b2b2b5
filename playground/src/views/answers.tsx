// What was decided, in words. In: a decision of the module. Out: the answers and their reasons. Refuses to decide.

import type { Explained, Possible, Said } from "@keyward/runtime";
import { useWords } from "../words/labels";
import { t } from "../words/words";

/** What colours an answer. */
export interface Declared {
  readonly type: string;
  readonly values: readonly string[];
}

/** How a value is coloured: from mild to strict where the answer says so, else by its place. */
export function tone({ type, values }: Declared, value: unknown): string {
  const at = typeof value === "string" ? values.indexOf(value) : -1;
  if (at < 0) return "tone-none";
  if (type !== "strictest") return `tone-${2 + (at % 4)}`;
  return at === 0 ? "tone-0" : at === values.length - 1 ? "tone-1" : `tone-${2 + ((at - 1) % 4)}`;
}

/** The answers. */
export function Answers({ decided, possible, policy, showRule }: {
  readonly decided: Explained;
  readonly possible: Possible;
  readonly policy: { readonly decisions: readonly { readonly name: string; readonly answers: readonly (Declared & { readonly name: string })[] }[] };
  readonly showRule?: (rule: string) => void;
}) {
  const words = useWords();
  const { decision, status, answers, because } = decided;
  const open = status === "unsure-missing";
  const declared = policy.decisions.find(({ name }) => name === decision)?.answers ?? [];
  return (
    <section class="answers" aria-live="polite" aria-label={t("answer")}>
      <h3>{words.decision(decision)}</h3>
      {open && <p class="unsure">{t("unsure-missing")}</p>}
      {status === "unsure-invalid" && <p class="wrong">{t("unsure-invalid")}</p>}
      <dl>
        {declared.map((own) => {
          const { name } = own;
          const said = (answers as Readonly<Record<string, never>>)[name] ?? null;
          const can = possible.answers[name];
          const several = open && Array.isArray(can) && can.length > 1;
          if (said === null && !several) return null;
          return (
            <div key={name} class={several ? "tone-none" : tone(own, said)}>
              <dt>{words.answer(decision, name)}</dt>
              <dd>{several ? (can as readonly Said[]).map((one) => words.said(decision, name, one)).join(` ${t("or")} `) : words.said(decision, name, said)}</dd>
            </div>
          );
        })}
      </dl>
      {because.length > 0 && (
        <ul class="because">
          {because.map((reason) => (
            <li key={reason.rule}>
              <p>{reason.text || t("no-reason")}</p>
              <p class="soft">
                {showRule ? (
                  <button type="button" class="link" onClick={() => showRule(reason.rule)}>
                    {reason.rule}
                  </button>
                ) : (
                  reason.rule
                )}
                {reason.cite && <span> · {reason.cite}</span>}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
