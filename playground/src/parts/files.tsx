// The files, as tabs above the text. In: names. Out: which one is open, new ones, other names, files taken away. Refuses to take
// the last one away.

import { useRef, useState } from "preact/hooks";
import { checked, edit, main, open, removeFile, renameFile, version } from "../state/work";
import { t } from "../words/words";
import { AskName } from "./ask";

const NAME = /^[\w-][\w .-]{0,80}\.ward$/;

/** The tabs. */
export function FileTabs() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState("");
  const [old, setOld] = useState<string | undefined>(undefined);
  const files = Object.keys(version.value.files);
  const wrong = !NAME.test(name) ? t("file-shape") : files.includes(name) && name !== old ? t("file-taken") : "";
  const asking = (from: string | undefined) => {
    setOld(from);
    setName(from ?? "");
    dialog.current?.showModal();
  };
  const done = () => {
    if (old === undefined) {
      const stem = name.replace(/\.ward$/, "").toLowerCase().replaceAll(/[^a-z0-9_]/g, "_").replace(/^[^a-z]/, "p");
      edit(name, `edition 2026\npolicy my.${stem} version 1 ""\n`);
      open.value = name;
    } else renameFile(old, name);
  };
  const errors = (file: string) => checked.value?.value.diagnostics.some((one) => one.at.file === file && one.severity === "error");
  return (
    <nav class="files" aria-label={t("files")}>
      {files.map((file) => (
        <span key={file} class={file === open.value ? "file on" : "file"}>
          <button type="button" aria-current={file === open.value ? "true" : undefined} onClick={() => (open.value = file)} onDblClick={() => asking(file)} title={t("file-rename-how")}>
            {file}
            {errors(file) && <span class="dot" role="img" aria-label={t("has-errors")} />}
            {file === main.value && files.length > 1 && <span class="eye">{t("looked-at")}</span>}
          </button>
        </span>
      ))}
      <button type="button" class="plus" onClick={() => asking(undefined)} aria-label={t("file-new")} title={t("file-new")}>
        +
      </button>
      <button type="button" class="plus" onClick={() => asking(open.value)} aria-label={t("file-rename")} title={t("file-rename")}>
        ✎
      </button>
      {files.length > 1 && (
        <button type="button" class="plus" onClick={() => removeFile(open.value)} aria-label={t("file-remove", { name: open.value })} title={t("file-remove", { name: open.value })}>
          −
        </button>
      )}
      <AskName
        dialog={dialog}
        title={old === undefined ? t("file-new") : t("file-rename")}
        label={t("file-name")}
        value={name}
        wrong={wrong}
        action={t("ok")}
        write={setName}
        done={done}
      />
    </nav>
  );
}
