// A small window that asks for a name. In: what is asked, and what is wrong with the answer. Out: the answer. Refuses to close on a
// wrong one.

import type { RefObject } from "preact";
import { useId } from "preact/hooks";
import { t } from "../words/words";

interface Props {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly title: string;
  readonly label: string;
  readonly value: string;
  readonly wrong: string;
  readonly note?: string;
  readonly action: string;
  readonly write: (text: string) => void;
  readonly done: () => void;
  readonly closed?: () => void;
}

/** The window; whoever shows it holds its reference. */
export function AskName({ dialog, title, label, value, wrong, note, action, write, done, closed }: Props) {
  const id = useId();
  return (
    <dialog ref={dialog} onClose={closed} aria-labelledby={`${id}-title`}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong) return;
          done();
          dialog.current?.close();
        }}
      >
        <h2 id={`${id}-title`}>{title}</h2>
        <label>
          {label}
          <input value={value} onInput={({ currentTarget }) => write(currentTarget.value)} aria-invalid={value !== "" && wrong !== ""} aria-describedby={`${id}-wrong`} />
        </label>
        <p id={`${id}-wrong`} class="wrong" role="status">
          {value && wrong}
        </p>
        {note && <p class="soft">{note}</p>}
        <div class="buttons">
          <button type="submit" class="primary" disabled={wrong !== ""}>
            {action}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {t("cancel")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
