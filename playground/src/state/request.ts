// The request that is tried. In: a schema, values, an example of the compiler. Out: a request as hosts send it, and what the
// module decides. What is not in it is unknown. Refuses to guess values.

import { computed, effect, signal } from "@preact/signals";
import { load, type Policy } from "@keyward/runtime";
import { decide, type Decided } from "./decide";
import { recall, remember } from "./memory";
import { trial } from "./work";
import type { Request } from "../worker/protocol";

/** The values of the request. */
export const request = signal<Request>({});
/** The decision that is asked. */
export const decision = signal("");
/** The zone of the site, for moments given in other zones. */
export const zone = signal(recall("zone") ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
effect(() => remember("zone", zone.value));

/** The module, loaded as any frontend loads it: the same bytes that the box will run. */
export const policy = signal<{ readonly policy: Policy; readonly bytes: Uint8Array<ArrayBuffer>; readonly files: number } | undefined>(undefined);
/** Why it cannot be loaded. */
export const unloadable = signal("");

effect(() => {
  const known = trial.value;
  if (!known) return;
  if (!known.value.ok) return;
  const { module } = known.value.value;
  load(module).then(
    (loaded) => {
      if (trial.peek() !== known) return;
      unloadable.value = "";
      policy.value = { policy: loaded as Policy, bytes: module, files: known.at.files };
      if (!loaded.decisions.some(({ name }) => name === decision.peek())) decision.value = loaded.decisions[0]?.name ?? "";
    },
    (error: Error) => (unloadable.value = error.message),
  );
});

/** The request without what this policy does not ask. */
export const known = computed<Request>(() => {
  const inputs = new Set(policy.value?.policy.inputs.map(({ name }) => name));
  return Object.fromEntries(Object.entries(request.value).filter(([name]) => inputs.has(name)));
});

export const decided = computed<Decided | undefined>(() => {
  const module = policy.value?.policy;
  return module && decision.value ? decide(module, known.value, { decision: decision.value, zone: zone.value }) : undefined;
});

/** Gives an input a value; nothing makes it unknown. */
export function put(name: string, value: unknown): void {
  const { [name]: _, ...rest } = request.peek();
  request.value = value === undefined ? rest : { ...rest, [name]: value };
}

/** A request with dotted names, whether it was written with them or with objects inside objects. */
export function flat(values: Request, before = ""): Record<string, unknown> {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(flat(value as Request, `${before}${name}.`))
      : [[`${before}${name}`, value] as const],
  );
  return Object.fromEntries(pairs);
}

/** Takes over an example, as the compiler gives it. */
export function tryOut(example: Request, asked?: string): void {
  request.value = flat(example);
  if (asked) decision.value = asked;
}
