// Drafts: what was being written when the page was closed. In: files, undo histories, choices. Out: the same after a reload.
// Refuses to fail silently: where nothing can be stored, the page says so and the texts stay where they are.

import { signal } from "@preact/signals";
import type { Files, Request } from "../worker/protocol";
import type { View } from "./view";

/** What is kept. */
export interface Draft {
  readonly files: Files;
  readonly main: string;
  readonly open: string;
  readonly view: View;
  readonly request: Request;
  readonly states: Readonly<Record<string, unknown>>;
}

/** Why drafts are not kept; empty while they are. */
export const unkept = signal("");

const [BASE, STORE, KEY] = ["keyward", "drafts", "current"];

function base(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const wish = indexedDB.open(BASE, 1);
    wish.onupgradeneeded = () => wish.result.createObjectStore(STORE);
    wish.onsuccess = () => done(wish.result);
    wish.onerror = () => failed(wish.error ?? new Error("no storage"));
    wish.onblocked = () => failed(new Error("storage is blocked"));
  });
}

async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const open = await base();
  try {
    return await new Promise<T>((done, failed) => {
      const transaction = open.transaction(STORE, mode);
      const wish = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(wish.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error ?? wish.error ?? new Error("storage failed"));
    });
  } finally {
    open.close();
  }
}

/** Keeps a draft. */
export async function keep(draft: Draft): Promise<void> {
  try {
    await within("readwrite", (store) => store.put(draft, KEY));
    unkept.value = "";
  } catch (error) {
    unkept.value = (error as Error).message || (error as Error).name;
  }
}

/** The draft that was kept. */
export async function kept(): Promise<Draft | undefined> {
  try {
    return (await within("readonly", (store) => store.get(KEY) as IDBRequest<Draft | undefined>)) ?? undefined;
  } catch (error) {
    unkept.value = (error as Error).message || (error as Error).name;
    return undefined;
  }
}
