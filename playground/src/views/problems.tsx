// The list of problems. In: findings of the compiler. Out: places in the editor, fixes that are applied with a press. Refuses to
// find anything itself.

import { useEffect, useState } from "preact/hooks";
import { applyEdits, show } from "../editor/desk";
import { checked, main, trouble, version } from "../state/work";
import { tryOut } from "../state/request";
import { view } from "../state/view";
import { ask } from "../worker/client";
import type { Finding } from "../worker/protocol";
import { grouped, t } from "../words/words";

const RANK = { error: 0, warning: 1, note: 2 } as const;

/** The list. */
export function Problems() {
  const known = checked.value;
  const [open, setOpen] = useState(true);
  const found = [...(known?.value.diagnostics ?? [])].sort((one, other) => RANK[one.severity] - RANK[other.severity]);
  const count = (severity: Finding["severity"]) => found.filter((one) => one.severity === severity).length;
  const stale = known !== undefined && known.at.files !== version.value.number;
  const words = trouble.value
    ? trouble.value
    : !known
      ? t("checking")
      : found.length === 0
        ? t("no-problems", { file: main.value })
        : t("problems", { errors: count("error"), warnings: count("warning"), notes: count("note") });
  return (
    <section class={`problems${stale ? " stale" : ""}`} aria-label={t("problems-label")}>
      <button type="button" class="bar-button" aria-expanded={open && found.length > 0} onClick={() => setOpen(!open)} disabled={found.length === 0}>
        <span class={`lamp ${count("error") ? "bad" : count("warning") ? "warn" : known ? "good" : ""}`} aria-hidden="true" />
        <span role="status">{words}</span>
      </button>
      {open && found.length > 0 && (
        <ul>
          {found.slice(0, 100).map((one, number) => (
            <Problem key={`${one.code}${one.at.file}${one.at.start}${number}`} finding={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Problem({ finding }: { readonly finding: Finding }) {
  const { at, code, severity, message, notes, hints, example, count, labels } = finding;
  const [page, setPage] = useState<string | undefined>(undefined);
  useEffect(() => setPage(undefined), [code]);
  return (
    <li class={severity}>
      <p>
        <span class="severity">{t(`severity-${severity}`)}</span>{" "}
        <button type="button" class="link" onClick={() => at.file && show(at.file, at.start, at.end)}>
          {message}
        </button>{" "}
        <span class="soft">
          {at.file}:{at.line} ·{" "}
          <button type="button" class="link soft" aria-expanded={page !== undefined} onClick={() => (page === undefined ? void ask("page", { code }).then((text) => setPage(text ?? "")) : setPage(undefined))}>
            {code}
          </button>
        </span>
      </p>
      {labels.map((label) => (
        <p key={`${label.start}${label.text}`} class="soft detail">
          <button type="button" class="link soft" onClick={() => label.file && show(label.file, label.start, label.end)}>
            {t("line", { line: label.line })}
          </button>{" "}
          {label.text}
        </p>
      ))}
      {count && <p class="soft detail">{t("requests-of", { requests: grouped(count.requests), share: count.share })}</p>}
      {example && (
        <p class="soft detail">
          {t("for-example")} {example.words}{" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              tryOut(example.request);
              view.value = "try";
            }}
          >
            {t("open-in-try")}
          </button>
        </p>
      )}
      {notes.map((note) => (
        <p key={note} class="soft detail">
          {note}
        </p>
      ))}
      {hints.map((hint) =>
        hint.edits.length > 0 ? (
          <button key={hint.text} type="button" class="fix" onClick={() => applyEdits(hint.edits)}>
            {t("fix")} {hint.text}
          </button>
        ) : (
          <p key={hint.text} class="soft detail">
            {hint.text}
          </p>
        ),
      )}
      {page !== undefined && <Page text={page} />}
    </li>
  );
}

/** The page of a code: paragraphs and blocks of code, as text. */
function Page({ text }: { readonly text: string }) {
  const parts = text.split(/```\w*\n/);
  return (
    <div class="page">
      {parts.map((part, number) =>
        number % 2 === 1 ? (
          <pre key={number} tabIndex={0}>
            {part}
          </pre>
        ) : (
          part
            .split(/\n\s*\n/)
            .filter((paragraph) => paragraph.trim())
            .map((paragraph, place) => (/^#+ /.test(paragraph.trim()) ? <h3 key={`${number}.${place}`}>{paragraph.replace(/^\s*#+ /, "")}</h3> : <p key={`${number}.${place}`}>{paragraph.replaceAll("`", "")}</p>))
        ),
      )}
    </div>
  );
}
