// Renaming a name everywhere. In: a symbol. Out: edits in all files. Refuses names that the language does not accept, and names
// that are taken.

import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { AskName } from "../parts/ask";
import { names } from "../state/known";
import { t } from "../words/words";
import { applyEdits, focusEditor } from "./desk";
import { everywhere } from "./names";

const wanted = signal<number | undefined>(undefined);

/** Asks for the new name. */
export function askToRename(symbol: number): void {
  wanted.value = symbol;
}

/** The small window that asks. */
export function Renaming() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const named = wanted.value === undefined ? undefined : names.value?.[wanted.value];
  useEffect(() => {
    if (!named) return;
    setText(named.name);
    dialog.current?.showModal();
  }, [wanted.value]);
  if (!named) return null;
  const taken = names.value?.some((one) => one !== named && one.kind === named.kind && one.owner === named.owner && one.name === text);
  const shape = named.name.includes(".") ? /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/ : /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$|^\d+$/;
  const wrong = !shape.test(text) ? t("rename-shape") : taken ? t("rename-taken", { name: text }) : "";
  return (
    <AskName
      dialog={dialog}
      title={t("rename-title", { name: named.name })}
      label={t("rename-new")}
      value={text}
      wrong={wrong}
      note={t("rename-places", { count: everywhere(named).length })}
      action={t("rename-do")}
      write={setText}
      done={() => {
        if (text !== named.name) applyEdits(everywhere(named).map(([file, start, end]) => ({ file, start, end, text })));
      }}
      closed={() => {
        wanted.value = undefined;
        focusEditor();
      }}
    />
  );
}
