// The form of a request, made from what the module asks. In: inputs and values. Out: values. Refuses to know which policy it is.

import type { Input } from "@keyward/runtime";
import { useState } from "preact/hooks";
import { readable, useWords } from "../words/labels";
import { t } from "../words/words";
import type { Request } from "../worker/protocol";
import { Control } from "./field";

interface Props {
  readonly inputs: readonly Input[];
  readonly values: Request;
  readonly put: (name: string, value: unknown) => void;
  /** Inputs that are worth asking next. */
  readonly worth?: readonly string[];
  /** What is wrong with an input. */
  readonly wrong?: { readonly input: string; readonly message: string };
}

const heading = (name: string): string => (name.includes(".") ? name.slice(0, name.indexOf(".")) : "");

/** Inputs by the first part of their name; those of one only are together. */
function sections(inputs: readonly Input[]): readonly { readonly title: string; readonly inputs: readonly Input[] }[] {
  const found = new Map<string, Input[]>();
  for (const input of inputs) {
    const title = heading(input.name);
    found.set(title, [...(found.get(title) ?? []), input]);
  }
  const several = [...found].filter(([title, list]) => title && list.length > 1);
  const single = [...found].filter(([title, list]) => !title || list.length === 1).flatMap(([, list]) => list);
  return [...(single.length ? [{ title: "", inputs: single }] : []), ...several.map(([title, list]) => ({ title, inputs: list }))];
}

/** The form. */
export function Form({ inputs, values, put, worth = [], wrong }: Props) {
  const words = useWords();
  const [search, setSearch] = useState("");
  const fits = (input: Input) => `${words.input(input.name)} ${input.name}`.toLowerCase().includes(search.toLowerCase());
  const facts = inputs.filter((input) => input.origin !== "setting");
  const settings = inputs.filter((input) => input.origin === "setting");
  const field = (input: Input) => (
    <Field key={input.name} input={input} value={values[input.name]} put={(value) => put(input.name, value)} worth={worth.indexOf(input.name)} wrong={wrong?.input === input.name ? wrong.message : ""} />
  );
  const given = settings.filter(({ name }) => values[name] !== undefined).length;
  return (
    <div class="form">
      {inputs.length > 12 && (
        <input type="search" class="search" value={search} placeholder={t("find-input")} aria-label={t("find-input")} onInput={({ currentTarget }) => setSearch(currentTarget.value)} />
      )}
      {sections(facts.filter(fits)).map(({ title, inputs }) => (
        <fieldset key={title}>
          <legend>{title ? readable(title) : t("general")}</legend>
          {inputs.map(field)}
        </fieldset>
      ))}
      {settings.some(fits) && (
        <details class="settings" open={given > 0 || search !== ""}>
          <summary>{t("settings", { count: settings.length, given })}</summary>
          {settings.filter(fits).map(field)}
        </details>
      )}
    </div>
  );
}

function Field({ input, value, put, worth, wrong }: { readonly input: Input; readonly value: unknown; readonly put: (value: unknown) => void; readonly worth: number; readonly wrong: string }) {
  const words = useWords();
  const label = words.input(input.name);
  return (
    <div class={`field${value === undefined ? " unknown" : ""}${worth === 0 ? " worth" : ""}`}>
      <div class="label" title={input.name}>
        {label}
        {worth === 0 && <span class="badge">{t("ask-next")}</span>}
      </div>
      <Control input={input} value={value} label={label} put={put} />
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      {input.origin === "setting" && value === undefined && input.default !== undefined && input.type !== "one of" && (
        <span class="soft">{t("default-is", { value: words.value(input.name, input.default) })}</span>
      )}
    </div>
  );
}
