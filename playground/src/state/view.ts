// Which view is shown. In: a choice. Out: a signal that deep links and the keyboard change, too. Refuses to know the views.

import { signal } from "@preact/signals";

export const VIEWS = ["try", "table", "week", "diagram", "shares", "change", "proof", "ship", "tour"] as const;
export type View = (typeof VIEWS)[number];

export const view = signal<View>("try");
/** On a narrow page either the text or a view is shown. */
export const side = signal<"text" | "view">("text");

/** Whether a text names a view. */
export const isView = (text: string): text is View => (VIEWS as readonly string[]).includes(text);
