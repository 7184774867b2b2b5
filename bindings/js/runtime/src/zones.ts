// Civil time: one rule for all hosts. In: an instant and a zone. Out: the day number and the minute of the day at the site. An
// hour that is repeated is the same hour both times; an hour that is skipped never arrives. Refuses to guess a zone.

import { day, dayText, inRange, minute } from "./time.js";
import type { Instants } from "./pack.js";

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in a zone show at an instant, as if it were the time in Greenwich, in milliseconds; seconds are dropped. */
function shown(zone: string, instant: number): number {
  let format = formats.get(zone);
  if (!format) {
    const two = "2-digit";
    format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: two,
      day: two,
      hour: two,
      minute: two,
    });
    formats.set(zone, format);
  }
  // 12/25/2026, 23:30
  const [month, date, year, hour, minutes] = format.format(instant).match(/\d+/g)!.map(Number);
  return Date.UTC(year!, month! - 1, date, hour, minutes);
}

/** Whether a zone of this name is known here. */
export function knowsZone(zone: string): boolean {
  // Engines also take offsets such as +01:00 for zones; other hosts do not.
  if (!/^[A-Z]/i.test(zone)) return false;
  try {
    shown(zone, 0);
    return true;
  } catch {
    return false;
  }
}

/** The instant at which clocks in a zone show something: the earlier of two, and after a gap as far as if there were none. */
function instantOf(zone: string, wanted: number): number {
  const offset = (instant: number) => shown(zone, instant) - instant;
  const day = 86_400_000;
  const [before, after] = [offset(wanted - day), offset(wanted + day)];
  return offset(wanted - before) !== before && offset(wanted - after) === after ? wanted - after : wanted - before;
}

const INSTANT =
  /^.{10}T.{5}(?::[0-5]\d(?:\.\d{1,9})?)?(?:(Z)|([+-])([01]\d|2[0-3]):([0-5]\d))?(?:\[([\w/+-]{1,60})\])?$/;

/** Reads `2026-12-25T22:30Z`, `2026-12-25T23:30+01:00`, `2026-12-25T23:30[Europe/Paris]` or a `Date`. */
export const instants: Instants = (value, site) => {
  let instant = +value;
  if (typeof value === "string") {
    const [found, utc, sign, hours, minutes, zone] = INSTANT.exec(value) ?? [];
    const local = day(value) * 1440 + minute(value, 11);
    if (!found || local !== local || !(utc || sign || zone) || (zone && !knowsZone(zone))) return "text";
    instant = (local - (sign ? (sign === "-" ? -1 : 1) * (+hours! * 60 + +minutes!) : 0)) * 60_000;
    if (zone && !utc) {
      // Written with both, they have to agree.
      if (sign && shown(zone, instant) !== local * 60_000) return "text";
      if (!sign) instant = instantOf(zone, instant);
    }
  }
  if (instant !== instant) return "text";
  if (site === undefined) return "no zone";
  if (!knowsZone(site)) return "zone";
  const local = shown(site, instant) / 60_000;
  return inRange(Math.floor(local / 1440)) ? local : "range";
};

/** The date and time that clocks of a zone show at an instant, as requests have it; nothing if the zone is not known here. */
export function civil(instant: Date | string, zone: string): string | undefined {
  const local = instants(instant, zone);
  if (typeof local !== "number") return;
  const day = Math.floor(local / 1440);
  const two = (number: number) => `${number}`.padStart(2, "0");
  const minutes = local - day * 1440;
  return `${dayText(day)}T${two((minutes / 60) | 0)}:${two(minutes % 60)}`;
}
