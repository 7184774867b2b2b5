import type { Instants } from "./pack.js";
/** Whether a zone of this name is known here. */
export declare function knowsZone(zone: string): boolean;
/** Reads `2026-12-25T22:30Z`, `2026-12-25T23:30+01:00`, `2026-12-25T23:30[Europe/Paris]` or a `Date`. */
export declare const instants: Instants;
/** The date and time that clocks of a zone show at an instant, as requests have it; nothing if the zone is not known here. */
export declare function civil(instant: Date | string, zone: string): string | undefined;
