/** 1900-01-01 to 2199-12-31, the days a module accepts. */
export declare const inRange: (number: number) => boolean;
/** The day number of the ten characters at the start, `2026-12-25`. */
export declare function day(text: string, length?: number): number;
/** A day number as `2026-12-25`. */
export declare const dayText: (number: number) => string;
/** The minute of the day of the five characters from a place, `23:30`. */
export declare function minute(text: string, at: number, length?: number): number;
/** The minutes of `12 hours`, `1 day`, `90 minutes`. */
export declare function duration(text: string): number;
