// Try it: one request, what is decided, and what would change it. In: the module and the compiler. Out: answers while you type.
// Refuses to decide by itself: the module's own bytes do.

import { useMemo, useState } from "preact/hooks";
import { save, Shown, Empty } from "../parts/bits";
import { useAsked } from "../parts/asked";
import { say } from "../parts/notice";
import { append } from "../editor/append";
import { decided, decision, flat, known, policy, put, request, unloadable, zone } from "../state/request";
import { labels, main } from "../state/work";
import { useWords, Words } from "../words/labels";
import { t } from "../words/words";
import type { Why } from "../worker/protocol";
import { Answers } from "./answers";
import { Form } from "./form";
import { showRule } from "./rules";
import { ZONES } from "./field";

/** The view. */
export function TryIt() {
  const loaded = policy.value;
  const now = decided.value;
  const packed = useMemo(() => {
    if (!loaded || !now?.ok) return undefined;
    try {
      return loaded.policy.pack(known.value, { decision: decision.value, zone: zone.value });
    } catch {
      return undefined;
    }
  }, [loaded, known.value, decision.value, zone.value, now?.ok]);
  const given = Object.fromEntries(
    (loaded?.policy.inputs ?? []).flatMap(({ name, type }) => (type === "identifier" && typeof known.value[name] === "string" ? [[name, known.value[name] as string]] : [])),
  );
  const why = useAsked("why", packed && loaded ? { files: loaded.files, main: main.value, packed, given, decision: decision.value } : undefined, "try");
  if (!loaded) return <Empty title={t("try-nothing")} text={unloadable.value || t("mend-first-how")} />;
  const { policy: module } = loaded;
  const answer = why.value?.ok ? why.value.value : undefined;
  return (
    <div class="try">
      <div class="try-answer">
        {module.decisions.length > 1 && (
          <label class="inline">
            {t("decision")}{" "}
            <select value={decision.value} onChange={({ currentTarget }) => (decision.value = currentTarget.value)}>
              {module.decisions.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        {now?.ok && <Answers decided={now.decided} possible={now.possible} policy={module} showRule={showRule} />}
        {now && !now.ok && (
          <p class="wrong" role="alert">
            {now.message}
          </p>
        )}
        <Shown asked={why}>{(found) => <Reasons why={found} />}</Shown>
      </div>
      <div class="try-form">
        <div class="buttons">
          <button type="button" onClick={() => (request.value = {})} disabled={Object.keys(known.value).length === 0}>
            {t("forget-all")}
          </button>
          <Example />
          <label class="inline">
            {t("site-zone")}{" "}
            <select value={zone.value} onChange={({ currentTarget }) => (zone.value = currentTarget.value)}>
              {ZONES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        </div>
        <Form inputs={module.inputs} values={known.value} put={put} worth={answer?.open?.next ? [answer.open.next.input] : []} wrong={now && !now.ok ? now : undefined} />
      </div>
      <AsJson />
    </div>
  );
}

function Example() {
  const first = () => {
    const values: Record<string, unknown> = {};
    for (const input of policy.peek()?.policy.inputs ?? []) {
      if (input.origin === "setting") continue;
      if (input.type === "moment") values[input.name] = nextSunday();
      else if (input.type === "yes or no") values[input.name] = false;
      else if (input.type === "one of") values[input.name] = input.values[0];
      else if (input.type === "set of") values[input.name] = [];
      else if (input.type === "number" || input.type === "duration") values[input.name] = input.least;
      else if (input.type === "identifier") values[input.name] = input.values[0] ?? "p1";
      else if (input.type === "time") values[input.name] = "12:00";
      else values[input.name] = nextSunday().slice(0, 10);
    }
    request.value = values;
  };
  return (
    <button type="button" onClick={first}>
      {t("fill-in")}
    </button>
  );
}

/** The next Sunday night: the hour at which policies are tried first. */
export function nextSunday(): string {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + ((7 - day.getUTCDay()) % 7 || 7));
  return `${day.toISOString().slice(0, 10)}T23:00`;
}

function Reasons({ why }: { readonly why: Why }) {
  const words = useWords();
  const flips = why.changes.filter(({ ways }) => ways.length > 0);
  return (
    <div class="reasons">
      {why.faults.length > 0 && (
        <>
          <h4>{t("impossible")}</h4>
          <ul>
            {why.faults.map((fault) => (
              <li key={fault.input + fault.kind}>
                {fault.input && `${words.input(fault.input)}: `}
                {fault.words.join(", ")}
              </li>
            ))}
          </ul>
        </>
      )}
      {why.reason && why.reason.facts.length > 0 && (
        <>
          <h4>{t("it-follows-from")}</h4>
          <ul>
            {why.reason.facts.map((fact) => (
              <li key={fact.words}>{fact.words}</li>
            ))}
          </ul>
        </>
      )}
      {why.rules.some(({ part }) => part === "overridden") && (
        <>
          <h4>{t("overridden")}</h4>
          <ul>
            {why.rules
              .filter(({ part }) => part === "overridden")
              .map((rule) => (
                <li key={rule.rule}>
                  <button type="button" class="link" onClick={() => showRule(rule.rule)}>
                    {rule.rule}
                  </button>{" "}
                  {t("gave-way-to", { rules: rule.overridden_by.join(", ") })}
                </li>
              ))}
          </ul>
        </>
      )}
      {why.until.map((until) => (
        <p key={until.input} class="until">
          {until.next === "at" ? t("until", { at: (until.at ?? "").replace("T", " "), then: until.then.join(", ") }) : t("until-never")}
        </p>
      ))}
      {why.open?.next && (
        <p class="until">
          {/^0%?$/.test(why.open.next.share)
            ? t("ask-next-first", { input: words.input(why.open.next.input) })
            : t("ask-next-why", { input: words.input(why.open.next.input), share: why.open.next.share })}
        </p>
      )}
      {flips.length > 0 && (
        <details open>
          <summary>{t("what-would-change")}</summary>
          {flips.map((flip) => (
            <div key={flip.answer + flip.value} class="flip">
              <h4>
                {flip.answer} <span class="soft">→</span> {flip.value}
              </h4>
              <ul>
                {flip.ways.flatMap(({ who, changes }) =>
                  changes.slice(0, 4).map((change) => (
                    <li key={change.words.join()}>
                      <span class={`who who-${who}`}>{t(`who-${who}`)}</span> {change.words.join(` ${t("and")} `)}{" "}
                      <button type="button" class="link" onClick={() => (request.value = { ...change.request })}>
                        {t("try-this")}
                      </button>
                    </li>
                  )),
                )}
              </ul>
            </div>
          ))}
        </details>
      )}
    </div>
  );
}

function AsJson() {
  const [text, setText] = useState<string | undefined>(undefined);
  const [wrong, setWrong] = useState("");
  const shown = text ?? JSON.stringify(known.value, null, 2);
  const copy = (what: string, words: string) =>
    navigator.clipboard.writeText(what).then(
      () => say(words),
      () => say(t("copy-failed")),
    );
  const take = (next: string) => {
    setText(next);
    try {
      const value: unknown = JSON.parse(next);
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(t("json-object"));
      setWrong("");
      request.value = flat(value as Record<string, unknown>);
    } catch (error) {
      setWrong((error as Error).message);
    }
  };
  const test = () => {
    const made = asTest();
    if (made) append(made);
  };
  return (
    <details class="json">
      <summary>{t("as-json")}</summary>
      <textarea
        aria-label={t("as-json")}
        spellcheck={false}
        rows={Math.min(18, shown.split("\n").length + 1)}
        value={shown}
        onInput={({ currentTarget }) => take(currentTarget.value)}
        onBlur={() => !wrong && setText(undefined)}
      />
      {wrong && <p class="wrong">{wrong}</p>}
      <div class="buttons">
        <button type="button" onClick={() => void copy(shown, t("copied"))}>
          {t("copy")}
        </button>
        <button type="button" onClick={() => save("request.json", `${shown}\n`, "application/json")}>
          {t("download")}
        </button>
        <button type="button" onClick={test} disabled={!decided.value?.ok}>
          {t("add-as-test")}
        </button>
      </div>
    </details>
  );
}

/** The request as a test of the language. */
function asTest(): string | undefined {
  const words = new Words(labels.peek());
  const now = decided.peek();
  const module = policy.peek()?.policy;
  if (!now?.ok || !module || now.decided.status !== "ok") {
    say(t("test-needs-all"));
    return undefined;
  }
  const given = module.inputs.flatMap((input) => {
    const value = known.peek()[input.name];
    if (value === undefined) return [];
    const about = input.about ?? input.name;
    if (input.origin === "group") return [`${about} is ${value ? "" : "not "}in ${input.name}`];
    if (input.origin === "calendar") return [`${about} is ${value ? "during" : "outside"} ${input.name}`];
    if (value === null) return [`${input.name} is not set`];
    if (typeof value === "boolean") return [`${input.name} is ${value ? "yes" : "no"}`];
    if (Array.isArray(value)) return input.values.map((one) => `${input.name} ${value.includes(one) ? "include" : "do not include"} ${one}`);
    if (input.type === "moment") {
      const [day, rest = ""] = String(value).split("T");
      return [`${input.name}.date is ${day}`, `${input.name}.time is ${rest.slice(0, 5)}`];
    }
    if (input.type === "duration") return [`${input.name} is ${String(value)} minutes`];
    if (input.type === "identifier") return [`${input.name} is "${String(value)}"`];
    return [`${input.name} is ${String(value)}`];
  });
  const name = now.decided.decision;
  const expect = Object.entries(now.decided.answers as Readonly<Record<string, unknown>>).flatMap(([answer, said]) => {
    const full = `${name}.${answer}`;
    if (said === null) return [];
    if (Array.isArray(said)) return said.map((one) => `${full} include ${String(one)}`);
    if (typeof said === "boolean") return [`${full} is ${said ? "yes" : "no"}`];
    if (typeof said === "number") return [`${full} is ${said} minutes`];
    return said === "no limit" ? [] : [`${full} is ${String(said)}`];
  });
  const first = Object.keys(known.peek()).slice(0, 3).map((input) => `${words.input(input)}: ${words.value(input, known.peek()[input])}`).join("; ");
  return `\ntest "${t("tried", { what: first }).replaceAll('"', "'")}"\n  given ${given.join("\n    and ")}\n  expect ${expect.join("\n    and ")}\n`;
}
