// Deciding with a module, whatever the request is. In: a loaded module, values, a decision. Out: what was decided and what is
// possible, or why nothing can be. Refuses to throw.

import type { Explained, Options, Policy, Possible } from "@keyward/runtime";

/** What was decided, or why nothing can be. */
export type Decided =
  | { readonly ok: true; readonly decided: Explained; readonly possible: Possible }
  | { readonly ok: false; readonly input: string; readonly message: string };

/** Decides a request with a module. */
export function decide(module: Policy, values: Readonly<Record<string, unknown>>, options: Options & { readonly decision: string }): Decided {
  try {
    return { ok: true, decided: module.why(values, options), possible: module.partial(values, options) };
  } catch (error) {
    return { ok: false, input: (error as { key?: string }).key ?? "", message: (error as Error).message };
  }
}
