// Answers of the compiler inside a view. In: a question. Out: the last answer, and whether it is of an older edit. Refuses to
// blank a view while the next answer is on its way.

import { useEffect, useState } from "preact/hooks";
import { known } from "../state/timing";
import { ask, Superseded } from "../worker/client";
import type { Ask, Asks } from "../worker/protocol";

/** What a view knows. */
export interface Asked<T> {
  readonly value?: T;
  readonly failed?: string;
  /** Whether a newer answer is on its way. */
  readonly waiting: boolean;
}

/** Asks, and asks again when the question changes; nothing is asked while there is no question. */
export function useAsked<A extends Ask>(name: A, what: Asks[A][0] | undefined, key: string): Asked<Asks[A][1]> {
  const [state, setState] = useState<Asked<Asks[A][1]>>({ waiting: what !== undefined });
  const question = what && JSON.stringify(what);
  useEffect(() => {
    if (!what) return;
    let here = true;
    setState((before) => ({ ...before, waiting: true }));
    ask(name, what, key).then(
      (value) => {
        if (!here) return;
        setState({ value, waiting: false });
        const { files, newer } = what as { readonly files?: number; readonly newer?: { readonly files: number } };
        known(name, files ?? newer?.files ?? 0);
      },
      (error: Error) => {
        if (here && !(error instanceof Superseded)) setState({ failed: error.message, waiting: false });
      },
    );
    return () => {
      here = false;
    };
  }, [question]);
  return state;
}
