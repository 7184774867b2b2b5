// Where the work comes from and where it goes: links, drafts, examples, archives. In: an address, a draft, files. Out: the work.
// Whatever is replaced can be brought back. Refuses to run anything of a link but the compiler.

import { effect, signal, untracked } from "@preact/signals";
import { keepStates, restoreStates } from "./editor/desk";
import { say } from "./parts/notice";
import { t } from "./words/words";
import type { Files } from "./worker/protocol";
import { pack, unpack } from "./state/archive";
import { keep, kept, type Draft } from "./state/drafts";
import { EXAMPLES, loadExample } from "./state/policies";
import { answer, only } from "./state/look";
import { flat, request, zone } from "./state/request";
import { fragment, opened, ShareError } from "./state/share";
import { begin, compareWith, main, open, version } from "./state/work";
import { isView, view } from "./state/view";

/** What was there before something else was opened. */
export const previous = signal<Draft | undefined>(undefined);

function now(): Draft {
  return { files: version.peek().files, main: main.peek(), open: open.peek(), view: view.peek(), request: request.peek(), states: keepStates() };
}

function aside(): void {
  if (Object.keys(version.peek().files).length) previous.value = now();
}

function take(draft: Draft): void {
  restoreStates(draft.states);
  request.value = draft.request;
  view.value = isView(draft.view) ? draft.view : "try";
  begin(draft.files, draft.main, draft.open);
}

/** Brings back what was replaced. */
export function bringBack(): void {
  const draft = previous.peek();
  if (!draft) return;
  previous.value = undefined;
  take(draft);
}

/** Opens an example; it is also what edits are compared with. */
export async function openExample(id: string): Promise<void> {
  const { files, main, request: first } = await loadExample(id);
  aside();
  request.value = flat(first);
  only.value = "";
  begin(files, main);
  compareWith(files, main, "example", id);
}

/** Opens files that were dropped or chosen. */
export async function openFiles(list: readonly File[]): Promise<void> {
  const found: Record<string, string> = {};
  for (const file of list) {
    try {
      if (file.name.endsWith(".zip")) Object.assign(found, await unpack(new Uint8Array(await file.arrayBuffer())));
      else if (file.name.endsWith(".ward")) found[file.name] = await file.text();
    } catch (error) {
      say(`${file.name}: ${(error as Error).message === "archive-large" ? t("share-large") : t("archive-damaged")}`);
      return;
    }
  }
  openTexts(found);
}

function openTexts(files: Files): void {
  const names = Object.keys(files);
  if (!names.length) return say(t("nothing-to-open"));
  const meant = names.find((name) => /^decision /m.test(files[name]!)) ?? names[0]!;
  aside();
  request.value = {};
  begin(files, meant);
  compareWith(files, meant, "dropped", meant);
}

/** All files as an archive. */
export const archive = (): Promise<Uint8Array<ArrayBuffer>> => pack(version.peek().files);

/** The address that opens the same. */
export async function link(): Promise<string> {
  const text = await fragment({
    files: version.peek().files,
    main: main.peek(),
    open: open.peek(),
    view: view.peek(),
    request: request.peek(),
    answer: answer.peek(),
    only: only.peek(),
    zone: zone.peek(),
  });
  return `${location.origin}${location.pathname}#s=${text}`;
}

/** Opens what an address names; whether it named anything. */
export async function openAddress(hash: string): Promise<boolean> {
  const wish = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
  const shared = wish.get("s");
  if (shared !== null) {
    try {
      const found = await opened(shared);
      aside();
      request.value = flat(found.request ?? {});
      answer.value = found.answer ?? "";
      only.value = found.only ?? "";
      if (found.zone) zone.value = found.zone;
      if (found.view) view.value = found.view;
      begin(found.files, found.main, found.open);
      compareWith(found.files, found.main, "shared", found.main);
      return true;
    } catch (error) {
      say(t(error instanceof ShareError ? error.message : "share-damaged"));
      return false;
    }
  }
  const wanted = wish.get("view");
  if (wanted && isView(wanted)) view.value = wanted;
  const example = wish.get("example");
  if (example === null || !EXAMPLES.some(({ id }) => id === example)) return false;
  await openExample(example);
  return true;
}

/** Opens the first thing that is there: a link, a draft, an example. */
export async function start(): Promise<void> {
  const draft = await kept();
  if (!(await openAddress(location.hash))) {
    if (draft && Object.keys(draft.files).length) {
      take(draft);
      if (isView(new URLSearchParams(location.hash.slice(1)).get("view") ?? "")) view.value = new URLSearchParams(location.hash.slice(1)).get("view") as typeof view.value;
    } else await openExample("after_hours");
  } else if (draft && JSON.stringify(draft.files) !== JSON.stringify(version.peek().files)) previous.value = draft;
  addEventListener("hashchange", () => void openAddress(location.hash));
  keepDrafts();
}

/** Keeps a draft shortly after every change. */
function keepDrafts(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    void keep(now());
  };
  effect(() => {
    void [version.value, main.value, open.value, view.value, request.value];
    untracked(() => {
      clearTimeout(timer);
      timer = setTimeout(save, 600);
    });
  });
  addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  addEventListener("pagehide", () => timer !== undefined && save());
}
