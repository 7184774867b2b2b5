// The decision table. In: tables of the compiler. Out: rows that show the rules behind them. Refuses to shorten: a table that is
// too long says what would make it short.

import { Shown, Choices, save } from "../parts/bits";
import { useAsked } from "../parts/asked";
import { cursor } from "../editor/desk";
import { ruleAt } from "../editor/names";
import { policy } from "../state/request";
import { looking, only, otherwise } from "../state/look";
import { ask } from "../worker/client";
import type { OneTable, TableOf, TableRow } from "../worker/protocol";
import { grouped, t } from "../words/words";
import { tone } from "./answers";
import { LookingAt } from "./looking";
import { markRules, showRule } from "./rules";

/** So many rules of a row are named. */
const MOST_RULES = 3;
const TYPES = { markdown: "text/markdown", csv: "text/csv", html: "text/html" } as const;
const ENDS = { markdown: "md", csv: "csv", html: "html" } as const;

/** The view. */
export function Tables() {
  const question = looking.value && { ...looking.value, otherwise: otherwise.value };
  const asked = useAsked("table", question, "table");
  const download = async (form: keyof typeof TYPES) => {
    if (!question) return;
    const made = await ask("tableText", { ...question, form });
    if (made.ok) save(`table.${ENDS[form]}`, made.value, TYPES[form]);
  };
  return (
    <div class="picture">
      <LookingAt />
      <div class="buttons">
        <Choices
          label={t("reading")}
          value={otherwise.value ? "down" : "one"}
          options={[
            { value: "one", words: t("reading-one") },
            { value: "down", words: t("reading-down") },
          ]}
          choose={(value) => (otherwise.value = value === "down")}
        />
        {(["csv", "markdown", "html"] as const).map((form) => (
          <button key={form} type="button" onClick={() => void download(form)}>
            {form === "markdown" ? "Markdown" : form.toUpperCase()}
          </button>
        ))}
        <button type="button" onClick={() => print()}>
          {t("print")}
        </button>
      </div>
      <Shown asked={asked}>{(tables) => tables.map((one) => <Whole key={one.answer} tables={one} />)}</Shown>
    </div>
  );
}

function Whole({ tables }: { readonly tables: TableOf }) {
  return (
    <>
      <h3>
        {tables.answer} {tables.text && <span class="soft">{tables.text}</span>}
      </h3>
      <p class="soft">
        {tables.requests === tables.valid_requests
          ? t("table-all", { requests: grouped(tables.requests) })
          : t("table-some", { requests: grouped(tables.requests), of: grouped(tables.valid_requests) })}
      </p>
      {tables.notes.map((note) => (
        <p key={note} class="soft">
          {note}
        </p>
      ))}
      {tables.too_long && (
        <div class="empty">
          <h3>{t("table-long")}</h3>
          <p>
            {tables.too_long.rows === null ? t("table-long-unknown") : t("table-long-rows", { rows: tables.too_long.rows })}{" "}
            {tables.too_long.because.length > 0 && t("table-long-because", { inputs: tables.too_long.because.join(", ") })}
          </p>
          <ul>
            {tables.too_long.ways_out.map((way) => (
              <li key={way.where}>
                <button type="button" class="link" onClick={() => (only.value = only.value ? `${only.value} and ${way.where}` : way.where)}>
                  {t("only-when")} {way.where}
                </button>{" "}
                <span class="soft">{t("rows", { count: way.rows })}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {tables.tables?.map((table, place) => (
        <Table key={place} table={table} />
      ))}
    </>
  );
}

/** How an outcome is coloured: like the same value elsewhere, else by its place in the table. */
function toneOf(table: OneTable, outcome: string): string {
  const own = policy.value?.policy.decisions.flatMap(({ name, answers }) => answers.map((one) => ({ full: `${name}.${one.name}`, one })));
  const declared = own?.find(({ full }) => full === table.subject)?.one;
  if (declared?.values.includes(outcome)) return tone(declared, outcome);
  const all = [...new Set(table.rows.filter(({ goes_on }) => goes_on === null).map((row) => row.outcome))];
  return `tone-${all.indexOf(outcome) % 6}`;
}

function Table({ table }: { readonly table: OneTable }) {
  const { file, at } = cursor.value;
  const here = ruleAt(file, at)?.name;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={table.name || table.subject}>
      <table class="decision">
        <caption>
          {table.name && <strong>{table.name}: </strong>}
          {table.subject}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="outcome">
              {table.subject}
            </th>
            {table.columns.map((column) => (
              <th key={column.name} scope="col" title={column.text || undefined}>
                {column.name}
                {column.text && <small>{column.text}</small>}
              </th>
            ))}
            <th scope="col">{t("share")}</th>
            <th scope="col">{t("rules")}</th>
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, number) => (
            <Row key={number} row={row} block={table.role === "block"} tone={row.goes_on === null ? toneOf(table, row.outcome) : "tone-none"} here={here} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly row: TableRow;
  /** Rows of a block answer nothing by themselves, so no rule stands behind them. */
  readonly block: boolean;
  readonly tone: string;
  readonly here: string | undefined;
}

function Row({ row, block, tone, here }: RowProps) {
  const rules = row.rules ?? [];
  const lit = here !== undefined && rules.includes(here);
  return (
    <tr class={lit ? "lit" : undefined} onClick={() => markRules(rules)}>
      <td class={`outcome ${tone}`}>
        <button type="button" class="cell" onClick={() => markRules(rules)} title={row.when || t("always")}>
          {row.outcome}
        </button>
      </td>
      {row.cells.map((cell, place) => (
        <td key={place} class={cell === null ? "any" : undefined}>
          {cell ?? "–"}
        </td>
      ))}
      <td class="share">{row.share}</td>
      <td class="rules">
        {rules.length === 0 && !block && <span class="soft">{t(row.rules === null ? "unknown" : "normally")}</span>}
        {rules.slice(0, MOST_RULES).map((rule) => (
          <button
            key={rule}
            type="button"
            class="link"
            onClick={(event) => {
              event.stopPropagation();
              showRule(rule);
            }}
          >
            {rule}
          </button>
        ))}
        {rules.length > MOST_RULES && <span class="soft">{t("hover-more", { count: rules.length - MOST_RULES })}</span>}
      </td>
    </tr>
  );
}
