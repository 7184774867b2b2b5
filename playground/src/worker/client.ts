// The worker, seen from the page. In: files and questions. Out: promises. A question that a newer one of its kind makes needless
// is dropped before it is asked; a worker that does not answer is ended and a fresh one gets the files again. Refuses to
// block: everything is a promise.

import { signal } from "@preact/signals";
import type { Ask, Asks, Files, FromWorker, ToWorker } from "./protocol";

/** How the compiler is: still loading, at work or at rest, or not to be had. */
export type Health = { readonly state: "loading" | "ready" } | { readonly state: "unable"; readonly why: string };

export const health = signal<Health>({ state: "loading" });
/** How many questions wait or are being answered. */
export const busy = signal(0);
/** How often the compiler had to be started again, and why the last time. */
export const restarts = signal<{ readonly count: number; readonly why: string }>({ count: 0, why: "" });

/** The answer would have come too late: something newer was asked. */
export class Superseded extends Error {
  override name = "Superseded";
}

/** A question is given up after so many milliseconds. */
const PATIENCE = 20_000;
/** The key of what can wait until nothing else does. */
export const LATER = "later";
/** What goes first. */
const ORDER: readonly Ask[] = ["fitting", "format", "check", "table", "draw", "diff", "module", "why", "names", "labels"];

interface Waiting {
  readonly id: number;
  readonly ask: Ask;
  readonly key: string;
  readonly what: unknown;
  readonly done: (value: unknown) => void;
  readonly failed: (error: Error) => void;
  /** Whether a worker was ended over it before. */
  readonly again?: boolean;
}

let worker: Worker | undefined;
let isReady = false;
let counter = 0;
let asked: Waiting | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const waiting: Waiting[] = [];
const kept = new Map<number, Files>();

const send = (message: ToWorker) => worker?.postMessage(message);

/** Starts the worker. */
export function startWorker(): void {
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "keyward" });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => heard(data);
  worker.onerror = (event) => again(event.message || "the compiler could not be started");
  for (const [number, files] of kept) send({ kind: "files", number, files });
}

function heard(message: FromWorker): void {
  switch (message.kind) {
    case "ready":
      isReady = true;
      health.value = { state: "ready" };
      next();
      return;
    case "unable":
      health.value = { state: "unable", why: message.why };
      return;
    default: {
      if (asked?.id !== message.id) return;
      const { done, failed } = settle();
      if (message.kind === "answer") done(message.value);
      else failed(new Error(message.why));
      next();
    }
  }
}

/** The question that was asked is answered, one way or the other. */
function settle(): Waiting {
  clearTimeout(timer);
  const found = asked!;
  asked = undefined;
  return found;
}

function count(): void {
  busy.value = waiting.length + (asked ? 1 : 0);
}

function next(): void {
  if (!asked && isReady && waiting.length) {
    const rank = ({ ask, key }: Waiting) => (key === LATER ? ORDER.length + 2 : ORDER.indexOf(ask) + 1 || ORDER.length + 1);
    const first = waiting.reduce((best, one) => (rank(one) < rank(best) ? one : best));
    waiting.splice(waiting.indexOf(first), 1);
    asked = first;
    timer = setTimeout(() => again("the compiler took too long"), PATIENCE);
    send({ kind: "ask", id: first.id, ask: first.ask, what: first.what });
  }
  count();
}

/** Ends a worker that does not answer, and starts another. */
function again(why: string): void {
  worker?.terminate();
  isReady = false;
  restarts.value = { count: restarts.peek().count + 1, why };
  if (asked) {
    // Asked once more, of the fresh one: perhaps it was not its fault.
    const last = settle();
    if (last.again) last.failed(new Error(why));
    else waiting.unshift({ ...last, again: true });
  }
  if (restarts.peek().count > 20) {
    health.value = { state: "unable", why };
    return;
  }
  startWorker();
  count();
}

/** Gives the worker files under a number. */
export function give(number: number, files: Files): void {
  kept.set(number, files);
  send({ kind: "files", number, files });
}

/** Takes them away again; nobody waits for an answer about them any more. */
export function forget(number: number): void {
  if (!kept.delete(number)) return;
  for (let place = waiting.length - 1; place >= 0; place--) {
    if (about(waiting[place]!.what, number)) waiting.splice(place, 1)[0]!.failed(new Superseded());
  }
  send({ kind: "forget", number });
  count();
}

function about(what: unknown, number: number): boolean {
  const { files, newer, older } = what as { files?: number; newer?: { files: number }; older?: { files: number } };
  return [files, newer?.files, older?.files].includes(number);
}

/** Asks. A newer question of the same kind and key takes the place of one that still waits. */
export function ask<A extends Ask>(ask: A, what: Asks[A][0], key = ""): Promise<Asks[A][1]> {
  return new Promise((done, failed) => {
    const same = waiting.findIndex((one) => one.ask === ask && one.key === key);
    if (same >= 0) waiting.splice(same, 1)[0]!.failed(new Superseded());
    waiting.push({ id: ++counter, ask, key, what, done: done as (value: unknown) => void, failed });
    next();
  });
}
