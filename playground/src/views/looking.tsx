// The line above every picture: which answer, of which requests. In: choices. Out: the same. Refuses to check a condition: the
// compiler does.

import { useEffect, useState } from "preact/hooks";
import { answers, only, shown, answer } from "../state/look";
import { t } from "../words/words";

/** The line. */
export function LookingAt({ narrow = true }: { readonly narrow?: boolean }) {
  const [text, setText] = useState(only.value);
  useEffect(() => setText(only.value), [only.value]);
  return (
    <form
      class="looking"
      onSubmit={(event) => {
        event.preventDefault();
        only.value = text;
      }}
    >
      <label>
        {t("answer")}{" "}
        <select value={shown.value} onChange={({ currentTarget }) => (answer.value = currentTarget.value)}>
          {answers.value.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      {narrow && (
        <label class="grow">
          {t("only-when")}{" "}
          <input
            value={text}
            placeholder={t("only-when-example")}
            spellcheck={false}
            autocapitalize="off"
            onInput={({ currentTarget }) => setText(currentTarget.value)}
            onBlur={() => (only.value = text)}
          />
        </label>
      )}
      {narrow && only.value && (
        <button type="button" onClick={() => (only.value = "")}>
          {t("all-requests")}
        </button>
      )}
    </form>
  );
}
