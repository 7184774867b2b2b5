// One field of a request. In: an input and its value. Out: a value as requests have it, or nothing for unknown. Refuses to hide
// that something is unknown: it is a choice of its own.

import type { Input } from "@keyward/runtime";
import { useContext, useId } from "preact/hooks";
import { Choices } from "../parts/bits";
import { minutesWords, Spoken, useWords } from "../words/labels";
import { t } from "../words/words";

interface Props {
  readonly input: Input;
  readonly value: unknown;
  readonly label: string;
  readonly put: (value: unknown) => void;
}

/** The control of an input. */
export function Control(props: Props) {
  const { input, value, label, put } = props;
  switch (input.type) {
    case "yes or no": {
      const options = [
        { value: "yes", words: t("yes") },
        { value: "no", words: t("no") },
        ...(input.optional ? [{ value: "null", words: t("not-set") }] : []),
        { value: "unknown", words: input.origin === "setting" ? t("default") : t("unknown") },
      ];
      const now = value === undefined ? "unknown" : value === null ? "null" : value ? "yes" : "no";
      const chosen = { yes: true, no: false, null: null, unknown: undefined } as Readonly<Record<string, unknown>>;
      return <Choices label={label} value={now} options={options} choose={(one) => put(chosen[one])} />;
    }
    case "one of":
      return <OneOf {...props} />;
    case "set of":
      return <SetOf {...props} />;
    case "number":
    case "duration":
      return <Amount {...props} />;
    case "moment":
      return <MomentControl {...props} />;
    case "date":
      return (
        <input type="date" aria-label={label} value={String(value ?? "")} onInput={(event) => put(event.currentTarget.value || undefined)} />
      );
    case "time":
      return (
        <input type="time" aria-label={label} value={String(value ?? "")} onInput={(event) => put(event.currentTarget.value || undefined)} />
      );
    case "identifier":
      return <Identifier {...props} />;
  }
}

function OneOf({ input, value, label, put }: Props) {
  const words = useWords();
  const now = value === undefined ? "" : value === null ? "\0" : String(value);
  const fallback = input.default === undefined ? "" : ` (${words.value(input.name, input.default)})`;
  return (
    <select
      aria-label={label}
      class={now ? undefined : "is-unknown"}
      value={now}
      onChange={({ currentTarget: { value } }) => put(value === "" ? undefined : value === "\0" ? null : value)}
    >
      <option value="">{input.origin === "setting" ? `${t("default")}${fallback}` : t("unknown")}</option>
      {input.optional && <option value={"\0"}>{t("not-set")}</option>}
      {input.values.map((one) => (
        <option key={one} value={one}>
          {words.value(input.name, one)}
        </option>
      ))}
    </select>
  );
}

function SetOf({ input, value, label, put }: Props) {
  const words = useWords();
  const members = Array.isArray(value) ? (value as string[]) : undefined;
  return (
    <div class="members" role="group" aria-label={label}>
      {input.values.map((one) => (
        <label key={one}>
          <input
            type="checkbox"
            checked={members?.includes(one) ?? false}
            onChange={({ currentTarget: { checked } }) =>
              put(input.values.filter((other) => (other === one ? checked : (members?.includes(other) ?? false))))
            }
          />
          {words.value(input.name, one)}
        </label>
      ))}
      <label class="is-unknown">
        <input type="checkbox" checked={members === undefined} onChange={({ currentTarget: { checked } }) => put(checked ? undefined : [])} />
        {input.origin === "setting" ? t("default") : t("unknown")}
      </label>
    </div>
  );
}

function Amount({ input, value, label, put }: Props) {
  const hint = useId();
  const words = input.type === "duration" ? minutesWords : String;
  return (
    <span class="amount">
      <input
        type="number"
        aria-label={label}
        aria-describedby={hint}
        min={input.least}
        max={input.greatest}
        value={typeof value === "number" ? value : ""}
        placeholder={input.origin === "setting" ? t("default") : t("unknown")}
        onInput={({ currentTarget }) => put(currentTarget.value === "" ? undefined : Number(currentTarget.value))}
      />
      <span id={hint} class="soft">
        {input.type === "duration" && typeof value === "number" ? `= ${minutesWords(value)} · ` : input.type === "duration" ? `${t("in-minutes")} · ` : ""}
        {t("from-to", { from: words(input.least), to: words(input.greatest) })}
      </span>
    </span>
  );
}

/** The zones there are. */
export const ZONES: readonly string[] = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((one) => one !== "UTC")];

const MOMENT = /^(\d{4}-\d\d-\d\d)?T?(\d\d:\d\d)?(?:\[([^\]]+)\])?$/;

function MomentControl({ input, value, label, put }: Props) {
  const [, day = "", minute = "", other = ""] = MOMENT.exec(typeof value === "string" ? value : "") ?? [];
  const set = (day: string, minute: string, other: string) => {
    if (!day && !minute) return put(undefined);
    const date = day || new Date().toISOString().slice(0, 10);
    put(`${date}T${minute || "12:00"}${other ? `[${other}]` : ""}`);
  };
  const { zone } = useContext(Spoken);
  const id = useId();
  return (
    <span class="moment">
      <input type="date" aria-label={t("date-of", { label })} value={day} min="1900-01-01" max="2199-12-31" onInput={({ currentTarget }) => set(currentTarget.value, minute, other)} />
      <input type="time" aria-label={t("time-of", { label })} value={minute} onInput={({ currentTarget }) => set(day, currentTarget.value, other)} />
      <input
        list={id}
        class="zone"
        aria-label={t("zone-of", { label })}
        value={other}
        placeholder={input.of || t("zone-of-site", { zone })}
        onChange={({ currentTarget }) => {
          const wanted = currentTarget.value;
          if (wanted === "" || ZONES.includes(wanted)) set(day, minute, wanted);
          else currentTarget.value = other;
        }}
      />
      <datalist id={id}>
        {ZONES.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button type="button" class="small" onClick={() => set("", "", "")} disabled={value === undefined}>
        {t("unknown")}
      </button>
    </span>
  );
}

function Identifier({ input, value, label, put }: Props) {
  const id = useId();
  return (
    <span class="amount">
      <input
        aria-label={label}
        list={id}
        value={typeof value === "string" ? value : ""}
        placeholder={value === null ? t("not-set") : t("unknown")}
        onInput={({ currentTarget }) => put(currentTarget.value || undefined)}
      />
      <datalist id={id}>
        {input.values.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      {input.optional && (
        <label>
          <input type="checkbox" checked={value === null} onChange={({ currentTarget: { checked } }) => put(checked ? null : undefined)} /> {t("not-set")}
        </label>
      )}
    </span>
  );
}
