// A week of decisions. In: a module, a request, a moment input, an answer. Out: for every quarter of an hour what is decided, and
// the days of twelve months that differ. Refuses to interpret calendars: it decides, as a box would.

import type { Policy } from "@keyward/runtime";
import type { Request } from "../worker/protocol";

/** Minutes of a cell. */
export const STEP = 15;
export const CELLS = 1440 / STEP;

/** What is decided at a minute: a value, or several while something is unknown. */
export type Cell = string;

/** Something that is decided for a while on one day. */
export interface Run {
  readonly from: number;
  readonly until: number;
  readonly value: Cell;
}

/** Days that differ from their weekday's usual. */
export interface Exception {
  readonly first: string;
  readonly last: string;
  readonly runs: readonly Run[];
}

const DAY = 86_400_000;
export const dayText = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);
export const dayOf = (text: string): number => Math.floor(Date.parse(`${text}T00:00Z`) / DAY);
/** Monday is 0. */
export const weekday = (day: number): number => (((day + 3) % 7) + 7) % 7;

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
export const clockWords = (minute: number): string => (minute === 1440 ? "24:00" : clock(minute));

/** Several values that are possible. */
export const DEPENDS = "?";

/** Decides cells. */
export class Weeks {
  constructor(
    readonly policy: Policy,
    readonly request: Request,
    readonly input: string,
    readonly decision: string,
    readonly answer: string,
    readonly zone: string,
  ) {}

  /** What is decided at a minute of a day. */
  cell(day: number, minute: number): Cell {
    const request = { ...this.request, [this.input]: `${dayText(day)}T${clock(minute)}` };
    const options = { decision: this.decision, zone: this.zone };
    const { status, answers } = this.policy.decide(request, options);
    if (status === "ok") return words((answers as Readonly<Record<string, unknown>>)[this.answer]);
    const possible = this.policy.partial(request, options).answers[this.answer];
    if (Array.isArray(possible)) return possible.length === 1 ? words(possible[0]) : DEPENDS;
    const set = possible as { readonly may: readonly string[]; readonly must: readonly string[]; readonly blank: boolean; readonly answered: boolean };
    return set.may.length === set.must.length && !(set.blank && set.answered) ? words(set.blank ? null : set.may) : DEPENDS;
  }

  /** A day, in runs. */
  day(day: number): readonly Run[] {
    const runs: { from: number; until: number; value: Cell }[] = [];
    for (let minute = 0; minute < 1440; minute += STEP) {
      const value = this.cell(day, minute);
      const last = runs[runs.length - 1];
      if (last?.value === value) last.until = minute + STEP;
      else runs.push({ from: minute, until: minute + STEP, value });
    }
    return runs;
  }
}

const words = (said: unknown): Cell => (said === null || said === undefined ? "" : Array.isArray(said) ? said.join(", ") : String(said));
const key = (runs: readonly Run[]): string => runs.map(({ until, value }) => `${until}:${value}`).join("|");

/** Twelve months from a day on, a few days at a time, so that the page stays quick. */
export async function year(weeks: Weeks, from: number, still: () => boolean): Promise<{ readonly usual: readonly (readonly Run[])[]; readonly exceptions: readonly Exception[] } | undefined> {
  const days: { readonly day: number; readonly runs: readonly Run[]; readonly key: string }[] = [];
  for (let day = from; day < from + 365; ) {
    const started = performance.now();
    while (day < from + 365 && performance.now() - started < 12) {
      const runs = weeks.day(day);
      days.push({ day, runs, key: key(runs) });
      day++;
    }
    await new Promise((done) => setTimeout(done));
    if (!still()) return undefined;
  }
  const usual = Array.from({ length: 7 }, (_, number) => {
    const own = days.filter(({ day }) => weekday(day) === number);
    const counts = new Map<string, number>();
    for (const one of own) counts.set(one.key, (counts.get(one.key) ?? 0) + 1);
    const [most] = [...counts].sort((one, other) => other[1] - one[1])[0]!;
    return own.find((one) => one.key === most)!;
  });
  const exceptions: Exception[] = [];
  let before: { readonly day: number; readonly key: string } | undefined;
  for (const one of days) {
    if (one.key === usual[weekday(one.day)]!.key) continue;
    const last = exceptions[exceptions.length - 1];
    if (last && before?.day === one.day - 1 && before.key === one.key) {
      exceptions[exceptions.length - 1] = { ...last, last: dayText(one.day) };
    } else exceptions.push({ first: dayText(one.day), last: dayText(one.day), runs: one.runs });
    before = one;
  }
  return { usual: usual.map(({ runs }) => runs), exceptions };
}
