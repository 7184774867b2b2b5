// Dates and times as text. In: text. Out: a day number, a minute of the day, minutes; not a number where there is no such
// thing. Refuses to know zones.

/** The number that digits stand for; not a number where there is something else. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let place = at; place < at + count; place++) {
    const digit = text.charCodeAt(place) - 48;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
  }
  return value;
}

/** 1900-01-01 to 2199-12-31, the days a module accepts. */
export const inRange = (number: number): boolean => number >= -25_567 && number <= 84_005;

/** The day number of the ten characters at the start, `2026-12-25`. */
export function day(text: string, length = text.length): number {
  const [year, month, date] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  const last = month === 2 ? 28 + leap : 30 + ((month + (month >> 3)) & 1);
  if (!(text[4] === "-" && text[7] === "-" && month >= 1 && month <= 12 && date >= 1 && date <= last)) return NaN;
  const before = month > 2 ? year : year - 1;
  const ofYear = (((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0) + date - 1;
  const number = before * 365 + ((before / 4) | 0) - ((before / 100) | 0) + ((before / 400) | 0) + ofYear - 719_468;
  return inRange(number) && text.length === length ? number : NaN;
}

/** A day number as `2026-12-25`. */
export const dayText = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10);

/** The minute of the day of the five characters from a place, `23:30`. */
export function minute(text: string, at: number, length = text.length): number {
  const [hour, minutes] = [digits(text, at, 2), digits(text, at + 3, 2)];
  return text[at + 2] === ":" && hour < 24 && minutes < 60 && text.length === length ? hour * 60 + minutes : NaN;
}

/** The minutes of `12 hours`, `1 day`, `90 minutes`. */
export function duration(text: string): number {
  const found = /^(\d{1,9}) (minute|hour|day)s?$/.exec(text);
  return found ? +found[1]! * { m: 1, h: 60, d: 1440 }[found[2]![0] as "m" | "h" | "d"] : NaN;
}
