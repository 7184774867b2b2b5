// Proof: tests and promises, and what the tests leave untried. In: what the compiler proved. Out: ticks, counter-examples to try,
// missing tests to write. Refuses to tick what was not proved.

import { useState } from "preact/hooks";
import { Empty, Shown } from "../parts/bits";
import { useAsked } from "../parts/asked";
import { append } from "../editor/append";
import { show } from "../editor/desk";
import { names } from "../state/known";
import { tryOut } from "../state/request";
import { at, checked } from "../state/work";
import { view } from "../state/view";
import { grouped, t } from "../words/words";
import type { Cases } from "../worker/protocol";

interface Evidence {
  readonly words: string;
  readonly decision: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly outcome: readonly string[];
  readonly deciders: readonly string[];
}

/** The view. */
export function Proof() {
  const found = checked.value?.value;
  if (!found?.policy || found.requests === undefined) return <Empty title={t("mend-first")} text={t("mend-first-how")} />;
  const broken = [...found.asserts, ...found.tests].filter(({ holds }) => !holds).length;
  return (
    <div class="picture">
      <div role="status">
        <h3>
        {broken === 0
          ? t("proved-all", { asserts: found.asserts.length, tests: found.tests.length, requests: grouped(found.requests) })
          : t("proved-not", { broken })}
        </h3>
      </div>
      <p class="soft">{t("proved-also")}</p>
      <h4>{t("asserts")}</h4>
      {found.asserts.length === 0 && <p class="soft">{t("asserts-none")}</p>}
      <ul class="proofs">
        {found.asserts.map((one) => (
          <Line key={one.name} kind="assert" name={one.name} text={one.text} holds={one.holds} detail={one.form === "possible" ? t("possible-for", { share: one.share }) : ""} evidence={one.evidence as Evidence | undefined} />
        ))}
      </ul>
      <h4>{t("tests")}</h4>
      {found.tests.length === 0 && <p class="soft">{t("tests-none")}</p>}
      <ul class="proofs">
        {found.tests.map((one) => (
          <Line
            key={one.name}
            kind="test"
            name={one.name}
            text=""
            holds={one.holds}
            detail={one.holds ? t("like-it", { requests: grouped(one.requests) }) : t("failing", { failing: grouped(one.failing), requests: grouped(one.requests) })}
            evidence={one.evidence as Evidence | undefined}
          />
        ))}
      </ul>
      <Coverage />
    </div>
  );
}

function Line({ kind, name, text, holds, detail, evidence }: {
  readonly kind: "test" | "assert";
  readonly name: string;
  readonly text: string;
  readonly holds: boolean;
  readonly detail: string;
  readonly evidence: Evidence | undefined;
}) {
  const place = names.value?.find((one) => one.kind === kind && one.name === name);
  const go = () => place && show(place.paragraph[0], place.paragraph[1], place.paragraph[2], false);
  return (
    <li class={holds ? "holds" : "broken"}>
      <span class="tick" role="img" aria-label={holds ? t("holds") : t("is-broken")}>
        {holds ? "✓" : "✗"}
      </span>
      <div>
        <button type="button" class="link" onClick={go} disabled={!place}>
          {text || name}
        </button>{" "}
        <span class="soft">{detail}</span>
        {evidence && (
          <p class={holds ? "soft" : "evidence"}>
            {holds ? t("for-example") : t("counter-example")} {evidence.words}
            {evidence.outcome.length > 0 && <> → {evidence.outcome.join(", ")}</>}{" "}
            <button
              type="button"
              class="link"
              onClick={() => {
                tryOut(evidence.request, evidence.decision);
                view.value = "try";
              }}
            >
              {t("open-in-try")}
            </button>
          </p>
        )}
      </div>
    </li>
  );
}

function Coverage() {
  const [wanted, setWanted] = useState(false);
  const asked = useAsked("cases", wanted ? at.value : undefined, "cases");
  return (
    <>
      <h4>{t("coverage")}</h4>
      {!wanted ? (
        <button type="button" onClick={() => setWanted(true)}>
          {t("coverage-find")}
        </button>
      ) : (
        <Shown asked={asked}>{(cases) => <Untried cases={cases} />}</Shown>
      )}
    </>
  );
}

function Untried({ cases }: { readonly cases: Cases }) {
  const coverage = cases["coverage"] as Readonly<Record<string, { readonly tried: number; readonly all: number }>>;
  const open = cases.tried.filter(({ by }) => by === null);
  return (
    <>
      <table class="plain">
        <tbody>
          {Object.entries(coverage).map(([name, { tried, all }]) => (
            <tr key={name}>
              <th scope="row">{t(`covered-${name}`)}</th>
              <td>
                <meter min={0} max={all} value={tried} aria-label={t(`covered-${name}`)} /> {t("tried-of", { tried, all })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open.length === 0 ? (
        <p>{t("coverage-full")}</p>
      ) : (
        <>
          <div class="buttons">
            <button type="button" class="primary" disabled={cases.proposed.length === 0} onClick={() => append(cases.written)}>
              {t("write-tests", { count: cases.proposed.length })}
            </button>
          </div>
          <details>
            <summary>{t("untried", { count: open.length })}</summary>
            <ul>
              {open.map((one) => (
                <li key={one.what + (one.condition ?? "")}>
                  {one.what}
                  {one.condition && `: ${one.condition}`} <span class="soft">{one.share}</span>
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </>
  );
}
