// Light, dark, high contrast. In: a choice. Out: an attribute of the page that its style sheet reads. Refuses to override what the
// system asks for unless somebody chose.

import { effect, signal } from "@preact/signals";
import { recall, remember } from "../state/memory";

export const THEMES = ["auto", "light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

const chosen = recall("theme");
export const theme = signal<Theme>(THEMES.find((one) => one === chosen) ?? "auto");

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
  remember("theme", theme.value);
});
