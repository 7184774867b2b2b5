// Small parts that every view has. In: words and children. Out: elements. Refuses to know policies.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { Answer } from "../worker/protocol";
import { t } from "../words/words";
import type { Asked } from "./asked";

/** Shows an answer: its value, what stands in its way, or that it is on its way. */
export function Shown<T>({ asked, children }: { readonly asked: Asked<Answer<T>>; readonly children: (value: T) => ComponentChildren }) {
  const { value, failed, waiting } = asked;
  if (failed) return <Empty title={t("failed")} text={failed} />;
  if (!value) return waiting ? <p class="soft pad">{t("working")}</p> : null;
  if (!value.ok) {
    return value.reason ? <Empty title={t("too-much")} text={value.reason} /> : <Empty title={t("mend-first")} text={t("mend-first-how")} />;
  }
  return <div class={waiting ? "stale" : undefined} aria-busy={waiting}>{children(value.value)}</div>;
}

/** Nothing to show, and why. */
export function Empty({ title, text, children }: { readonly title: string; readonly text: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h3>{title}</h3>
      <p>{text}</p>
      {children}
    </div>
  );
}

/** A row of choices of which one holds; arrow keys move. */
export function Choices<V extends string>({
  label,
  value,
  options,
  choose,
  kind = "segments",
}: {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly words: string }[];
  readonly choose: (value: V) => void;
  readonly kind?: string;
}) {
  const name = useRef(`choice-${Math.random().toString(36).slice(2)}`);
  return (
    <div class={kind} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} class={option.value === value ? "on" : undefined}>
          <input type="radio" name={name.current} value={option.value} checked={option.value === value} onChange={() => choose(option.value)} />
          <span>{option.words}</span>
        </label>
      ))}
    </div>
  );
}

/** A share of everything, as a bar and in words. */
export function Bar({ share, words }: { readonly share: string; readonly words?: string }) {
  const number = Math.min(100, Number.parseFloat(share.replace(/[^\d.]/g, "")) || 0);
  return (
    <span class="bar">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-all" width="100" height="8" />
        <rect class="bar-own" width={number} height="8" />
      </svg>
      <span>{words ?? share}</span>
    </span>
  );
}

/** Gives a file to the reader. */
export function save(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
