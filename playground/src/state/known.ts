// What is known of the names of the files, also while the newest edit is still being studied. In: what the compiler said last.
// Out: signals. Refuses to ask twice.

import { effect, signal } from "@preact/signals";
import { ask, LATER, Superseded } from "../worker/client";
import type { Named, Shares } from "../worker/protocol";
import { names as found, trial } from "./work";

/** Every name; of the last version that was read. */
export const names = signal<readonly Named[] | undefined>(undefined);
/** Shares of the request space; of the last version that answers every request. */
export const shares = signal<Shares | undefined>(undefined);

effect(() => {
  if (found.value) names.value = found.value.value;
});

effect(() => {
  const known = trial.value;
  if (!known?.value.ok) return;
  ask("shares", known.at, LATER).then(
    (answer) => {
      if (answer.ok) shares.value = answer.value;
    },
    (error: Error) => {
      if (!(error instanceof Superseded)) console.warn(error);
    },
  );
});
