// Renaming a name everywhere. In: a symbol. Out: edits in all files. Refuses names that the language does not accept, and names
// that are taken.

import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
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
  const close = () => {
    wanted.value = undefined;
    focusEditor();
  };
  const apply = () => {
    if (wrong) return;
    if (text !== named.name) applyEdits(everywhere(named).map(([file, start, end]) => ({ file, start, end, text })));
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="rename-title">
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <h2 id="rename-title">{t("rename-title", { name: named.name })}</h2>
        <label>
          {t("rename-new")}
          <input value={text} onInput={(event) => setText(event.currentTarget.value)} aria-invalid={wrong !== ""} aria-describedby="rename-wrong" />
        </label>
        <p id="rename-wrong" class="wrong" role="status">
          {wrong}
        </p>
        <p class="soft">{t("rename-places", { count: everywhere(named).length })}</p>
        <div class="buttons">
          <button type="submit" class="primary" disabled={wrong !== ""}>
            {t("rename-do")}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {t("cancel")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
