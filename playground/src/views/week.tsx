// The week map: what is decided at every hour of a week, for one person and one key, and the days of twelve months that differ. In:
// the request that is tried. Out: a picture and the same in words. Refuses to rely on colour: every value has a pattern and words.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Empty, save } from "../parts/bits";
import { known, policy, put, zone } from "../state/request";
import { answer, shown } from "../state/look";
import { view } from "../state/view";
import { useWords } from "../words/labels";
import { locale, t } from "../words/words";
import { tone as toneOf } from "./answers";
import { LookingAt } from "./looking";
import { markRules } from "./rules";
import { CELLS, clockWords, dayOf, dayText, DEPENDS, STEP, weekday, Weeks, year, type Run } from "./weeks";

const [LEFT, TOP, WIDTH, ROW] = [92, 26, 720, 30];

/** The colours of a picture that leaves the page. */
const STYLE = `svg{font:13px system-ui,sans-serif;background:#fff}text{fill:#1c2430}.grid{stroke:#8a94a3;stroke-width:.5}.run{stroke:#fff;stroke-width:1}
.tone-0{fill:#9fd0b4}.tone-1{fill:#f0b1a6}.tone-2{fill:#abc8ee}.tone-3{fill:#ecd58f}.tone-4{fill:#d3b7e8}.tone-5{fill:#a9dadd}.tone-none{fill:#e4e7eb}`;

interface Week {
  readonly usual: readonly (readonly Run[])[];
  readonly exceptions: readonly { readonly first: string; readonly last: string; readonly runs: readonly Run[] }[] | undefined;
}

/** The names of the days, Monday first. */
const dayNames = (): readonly string[] =>
  Array.from({ length: 7 }, (_, number) => new Intl.DateTimeFormat(locale(), { weekday: "long", timeZone: "UTC" }).format((number + 4) * 86_400_000));

/** The view. */
export function WeekMap() {
  const spoken = useWords();
  const loaded = policy.value?.policy;
  const moments = (loaded?.inputs ?? []).filter(({ type }) => type === "moment");
  const [chosen, setChosen] = useState("");
  const input = moments.find(({ name }) => name === chosen) ?? moments[0];
  const full = shown.value;
  const [decision = "", own = ""] = [full.slice(0, full.lastIndexOf(".")), full.slice(full.lastIndexOf(".") + 1)];
  const weeks = useMemo(() => {
    if (!loaded || !input || !full) return undefined;
    const { [input.name]: _, ...rest } = known.value;
    return new Weeks(loaded, rest, input.name, decision, own, zone.value);
  }, [loaded, input?.name, full, known.value, zone.value]);
  const given = input && known.value[input.name];
  const start = typeof given === "string" && /^\d{4}-\d\d-\d\d/.test(given) ? given.slice(0, 10) : new Date().toISOString().slice(0, 10);
  const [week, setWeek] = useState<Week | undefined>(undefined);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    if (!weeks) return;
    let here = true;
    try {
      // The week around the day at once, the year as it comes.
      const monday = dayOf(start) - weekday(dayOf(start));
      setWeek({ usual: Array.from({ length: 7 }, (_, number) => weeks.day(monday + number)), exceptions: undefined });
      setFailed("");
      void year(weeks, dayOf(start), () => here).then((found) => found && here && setWeek(found));
    } catch (error) {
      setFailed((error as Error).message);
    }
    return () => {
      here = false;
    };
  }, [weeks, start]);
  const picture = useRef<SVGSVGElement>(null);
  if (!loaded) return <Empty title={t("mend-first")} text={t("mend-first-how")} />;
  if (!input) return <Empty title={t("week-none")} text={t("week-none-why")} />;
  const declared = loaded.decisions.find(({ name }) => name === decision)?.answers.find(({ name }) => name === own) ?? { type: "", values: [] as readonly string[] };
  const all = [...new Set<string>([...declared.values, ...[...(week?.usual ?? []), ...(week?.exceptions ?? []).map(({ runs }) => runs)].flat().map(({ value }) => value)])];
  const used = all.filter((value) => [...(week?.usual ?? []), ...(week?.exceptions ?? []).map(({ runs }) => runs)].some((runs) => runs.some((run) => run.value === value)));
  const tone = (value: string) => (value === DEPENDS || value === "" ? "tone-none" : declared.values.includes(value) ? toneOf(declared, value) : `tone-${all.indexOf(value) % 6}`);
  const words = (value: string) =>
    value === DEPENDS ? t("depends") : value === "" ? t("blank") : value.split(", ").map((one) => spoken.member(decision, own, one)).join(", ");
  const names = dayNames();
  const go = (number: number, minute: number) => {
    const day = dayOf(start) - weekday(dayOf(start)) + number;
    put(input.name, `${dayText(day)}T${clockWords(minute)}`);
    const { because } = loaded.why({ ...known.peek() }, { decision, zone: zone.peek() });
    markRules(because.map(({ rule }) => rule));
  };
  const exportSvg = () => {
    const text = new XMLSerializer().serializeToString(picture.current!);
    save("week.svg", text.replace(/>/, `><style>${STYLE}</style>`), "image/svg+xml");
  };
  const exportCsv = () => {
    const lines = (week?.usual ?? []).flatMap((runs, day) => runs.map((run) => [names[day], clockWords(run.from), clockWords(run.until), words(run.value)]));
    const rest = (week?.exceptions ?? []).flatMap(({ first, last, runs }) =>
      runs.map((run) => [first === last ? first : `${first} – ${last}`, clockWords(run.from), clockWords(run.until), words(run.value)]),
    );
    const cell = (text = "") => `"${text.replaceAll('"', '""').replace(/^[=+\-@\t]/, "'$&")}"`;
    save("week.csv", `${[[t("day"), t("from"), t("until-column"), full], ...lines, ...rest].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`, "text/csv");
  };
  return (
    <div class="picture week">
      <LookingAt narrow={false} />
      <div class="buttons">
        {moments.length > 1 && (
          <label class="inline">
            {t("moment")}{" "}
            <select value={input.name} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
              {moments.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <label class="inline">
          {t("week-of")}{" "}
          <input type="date" value={start} onInput={({ currentTarget: { value } }) => value && put(input.name, `${value}T12:00`)} />
        </label>
        <button type="button" onClick={exportSvg} disabled={!week}>
          SVG
        </button>
        <button type="button" onClick={exportCsv} disabled={!week}>
          CSV
        </button>
        <button type="button" onClick={() => print()}>
          {t("print")}
        </button>
      </div>
      <Given />
      {failed && (
        <p class="wrong" role="alert">
          {failed}
        </p>
      )}
      {week && (
        <>
          <ul class="legend">
            {used.map((value) => (
              <li key={value}>
                <svg viewBox="0 0 18 14" aria-hidden="true">
                  <rect class={tone(value)} width="18" height="14" rx="3" />
                </svg>
                {words(value)}
              </li>
            ))}
          </ul>
          <div class="scroll" tabIndex={0} role="region" aria-label={t("week-picture")}>
            <svg ref={picture} class="weekmap" viewBox={`0 0 ${LEFT + WIDTH + 24} ${TOP + 7 * ROW + 8}`} role="img" aria-label={t("week-picture")}>
              {Array.from({ length: 9 }, (_, number) => (
                <text key={number} x={LEFT + (number * WIDTH) / 8} y="16" text-anchor="middle" font-size="12">
                  {clockWords(number * 180)}
                </text>
              ))}
              {week.usual.map((runs, day) => (
                <g key={day}>
                  <text x="2" y={TOP + day * ROW + 20} font-size="13">
                    {names[day]}
                  </text>
                  {runs.map((run) => (
                    <rect
                      key={run.from}
                      class={`run ${tone(run.value)}`}
                      x={LEFT + (run.from * WIDTH) / 1440}
                      y={TOP + day * ROW + 2}
                      width={((run.until - run.from) * WIDTH) / 1440}
                      height={ROW - 4}
                      rx="3"
                      onClick={(event) => {
                        const box = (event.currentTarget as SVGRectElement).getBoundingClientRect();
                        const inside = ((event.clientX - box.left) / box.width) * (run.until - run.from);
                        go(day, Math.min(run.until - STEP, run.from + Math.floor(inside / STEP) * STEP));
                      }}
                    >
                      <title>{`${names[day]} ${clockWords(run.from)}–${clockWords(run.until)}: ${words(run.value)}`}</title>
                    </rect>
                  ))}
                </g>
              ))}
              {Array.from({ length: 9 }, (_, number) => (
                <line key={number} class="grid" x1={LEFT + (number * WIDTH) / 8} x2={LEFT + (number * WIDTH) / 8} y1={TOP - 4} y2={TOP + 7 * ROW} />
              ))}
            </svg>
          </div>
          {used.length === 1 && weeks && <Others weeks={weeks} full={full} monday={dayOf(start) - weekday(dayOf(start))} />}
          <details open>
            <summary>{t("in-words")}</summary>
            <table class="plain">
              <tbody>
                {week.usual.map((runs, day) => (
                  <tr key={day}>
                    <th scope="row">{names[day]}</th>
                    <td>
                      {runs.map((run) => (
                        <button key={run.from} type="button" class="link run-words" onClick={() => go(day, run.from)}>
                          {runs.length === 1 ? t("all-day") : `${clockWords(run.from)}–${clockWords(run.until)}`} {words(run.value)}
                        </button>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
          <h3>{t("exceptions")}</h3>
          {!week.exceptions && <p class="soft">{t("working")}</p>}
          {week.exceptions?.length === 0 && <p class="soft">{t("exceptions-none")}</p>}
          {week.exceptions && week.exceptions.length > 0 && (
            <table class="plain">
              <tbody>
                {week.exceptions.map((one) => (
                  <tr key={one.first}>
                    <th scope="row">{one.first === one.last ? dayWords(one.first) : `${dayWords(one.first)} – ${dayWords(one.last)}`}</th>
                    <td>{one.runs.map((run) => `${one.runs.length === 1 ? t("all-day") : `${clockWords(run.from)}–${clockWords(run.until)}`} ${words(run.value)}`).join(" · ")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <p class="soft">{t("week-cells", { count: CELLS * 7 })}</p>
        </>
      )}
    </div>
  );
}

/** Where the hour makes no difference: the answers for which it does. */
function Others({ weeks, full, monday }: { readonly weeks: Weeks; readonly full: string; readonly monday: number }) {
  const others = useMemo(
    () =>
      (policy.peek()?.policy.decisions ?? []).flatMap((decision) =>
        decision.answers
          .filter((one) => `${decision.name}.${one.name}` !== full)
          .filter((one) => {
            const other = new Weeks(weeks.policy, weeks.request, weeks.input, decision.name, one.name, weeks.zone);
            const first = other.cell(monday, 0);
            return Array.from({ length: 7 }, (_, day) => other.day(monday + day)).some((runs) => runs.length > 1 || runs[0]?.value !== first);
          })
          .map((one) => `${decision.name}.${one.name}`),
      ),
    [weeks, full, monday],
  );
  return (
    <p class="soft">
      {t("week-same")}{" "}
      {others.length > 0 && (
        <>
          {t("week-others")}{" "}
          {others.map((one) => (
            <button key={one} type="button" class="link" onClick={() => (answer.value = one)}>
              {one}
            </button>
          ))}
        </>
      )}
    </p>
  );
}

const dayWords = (text: string): string =>
  new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(dayOf(text) * 86_400_000);

/** Whose week it is: what the request says. */
function Given() {
  const words = useWords();
  const said = Object.entries(known.value).filter(([name]) => policy.value?.policy.inputs.find((input) => input.name === name)?.type !== "moment");
  return (
    <details class="given">
      <summary>{said.length === 0 ? t("week-nobody") : t("week-whose", { count: said.length })}</summary>
      <p>
        {said.map(([name, value]) => (
          <span key={name} class="chip" title={name}>
            {words.input(name)}: {words.value(name, value)}
          </span>
        ))}{" "}
        <button type="button" class="link" onClick={() => (view.value = "try")}>
          {t("week-other")}
        </button>
      </p>
    </details>
  );
}
