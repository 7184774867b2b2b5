// Change: what an edit does, against an older version, and what it would have done to past decisions. In: two versions, perhaps a
// log. Out: changed regions with an example each. Refuses to send a log anywhere: it is read in the tab.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { Empty, Shown } from "../parts/bits";
import { useAsked } from "../parts/asked";
import { say } from "../parts/notice";
import { tryOut } from "../state/request";
import { at, baseline, compareWith, main, version } from "../state/work";
import { ask, Superseded } from "../worker/client";
import type { Changes, Region, Request } from "../worker/protocol";
import { grouped, t } from "../words/words";
import { view } from "../state/view";
import { showRule } from "./rules";
import { save } from "../parts/bits";

/** Most bytes of a log that is read in a tab. */
const LARGEST_LOG = 64 << 20;

/** The view. */
export function Change() {
  const before = baseline.value;
  // The same file of the older version, where it has it.
  const older = before && { files: before.version.number, main: main.value in before.version.files ? main.value : before.main };
  const asked = useAsked("diff", older && { newer: at.value, older }, "diff");
  const keep = () => {
    compareWith(version.peek().files, main.peek(), "kept", t("this-moment"));
    say(t("kept-said"));
  };
  const copy = async () => {
    if (!older) return;
    const made = await ask("diffMarkdown", { newer: at.peek(), older });
    if (made.ok) save("change.md", made.value, "text/markdown");
  };
  return (
    <div
      class="picture"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (!files.some(({ name }) => name.endsWith(".ward"))) return;
        event.preventDefault();
        event.stopPropagation();
        void dropped(files);
      }}
    >
      <div class="buttons">
        <span>{before ? t(`compared-${before.from}`, { name: before.name }) : t("compared-nothing")}</span>
        <button type="button" onClick={keep}>
          {t("keep-this")}
        </button>
        <label class="button">
          {t("choose-older")}
          <input
            type="file"
            accept=".ward,text/plain"
            multiple
            class="visually-hidden"
            onChange={({ currentTarget }) => void dropped([...(currentTarget.files ?? [])]).then(() => (currentTarget.value = ""))}
          />
        </label>
        <button type="button" onClick={() => void copy()} disabled={!before}>
          Markdown
        </button>
      </div>
      {before ? (
        <>
          <Shown asked={asked}>{(changes) => <Regions changes={changes} />}</Shown>
          <Replay older={older!} />
        </>
      ) : (
        <Empty title={t("change-none")} text={t("change-none-how")} />
      )}
    </div>
  );
}

/** Older files that were chosen or dropped onto the page. */
export async function dropped(files: readonly File[]): Promise<void> {
  const policies = files.filter(({ name }) => name.endsWith(".ward"));
  const [first] = policies;
  if (!first) return;
  const texts = await Promise.all(policies.map(async (file) => [file.name, await file.text()] as const));
  const given = Object.fromEntries(texts);
  const meant = main.peek() in given ? main.peek() : first.name;
  // What the older policy uses and nobody brought along is taken from here.
  compareWith({ ...version.peek().files, ...given }, meant, "dropped", first.name);
}

function Regions({ changes }: { readonly changes: Changes }) {
  return (
    <>
      <div role="status">
        <h3>{changes.summary}</h3>
      </div>
      {changes.newly_accepted && <p>{t("newly-accepted", { requests: grouped(changes.newly_accepted.count.requests), example: changes.newly_accepted.example })}</p>}
      {changes.no_longer_accepted && <p>{t("no-longer-accepted", { requests: grouped(changes.no_longer_accepted.count.requests), example: changes.no_longer_accepted.example })}</p>}
      {[...changes.promises, ...changes.vocabulary, ...changes.unsure].length > 0 && (
        <ul>
          {[...changes.promises, ...changes.vocabulary, ...changes.unsure].map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      {changes.regions.map((region, number) => (
        <OneRegion key={number} region={region} />
      ))}
      {changes.more && <p class="soft">{t("more-regions", { count: changes.more.regions ?? 0, share: changes.more.count.share })}</p>}
      {changes.rules.length > 0 && (
        <p class="soft">
          {t("rules")}:{" "}
          {changes.rules.map((one) => (
            <span key={one.rule} class="chip">
              {one.was && <s>{one.was}</s>} {one.rule} · {one.change}
            </span>
          ))}
        </p>
      )}
    </>
  );
}

function OneRegion({ region }: { readonly region: Region }) {
  const go = (request: Request) => {
    tryOut(request);
    view.value = "try";
  };
  return (
    <article class="region">
      <p>
        {region.directions.map((direction) => (
          <span key={direction} class={`direction ${direction.replaceAll(" ", "-")}`}>
            {direction}
          </span>
        ))}{" "}
        <strong>{t("requests-of", { requests: grouped(region.count.requests), share: region.count.share })}</strong>
      </p>
      <p>
        {region.when.length === 0 ? t("always") : region.when.join("; ")}
      </p>
      <ul class="changes">
        {region.changes.map((change) => (
          <li key={change.answer}>
            <code>{change.answer}</code>{" "}
            {change.added.length + change.lost.length > 0 ? (
              <>
                {change.added.map((one) => (
                  <ins key={one}>+ {one} </ins>
                ))}
                {change.lost.map((one) => (
                  <del key={one}>− {one} </del>
                ))}
              </>
            ) : (
              <>
                <del>{change.from.join(` ${t("or")} `)}</del> → <ins>{change.to.join(` ${t("or")} `)}</ins>
              </>
            )}
          </li>
        ))}
      </ul>
      <p class="soft">
        {t("for-example")} {region.example}{" "}
        <button type="button" class="link" onClick={() => go(region.request)}>
          {t("open-in-try")}
        </button>
      </p>
      {region.after.length > 0 && (
        <p class="soft">
          {t("now-decides")}{" "}
          {region.after.map(({ rule }) => (
            <button key={rule} type="button" class="link" onClick={() => showRule(rule)}>
              {rule}
            </button>
          ))}
        </p>
      )}
    </article>
  );
}

/** A decision log that was dropped onto the page. */
export const log = signal<File | undefined>(undefined);

/** Whether a file is a decision log rather than a policy. */
export const isLog = ({ name }: File): boolean => /\.(jsonl|json|log)$/.test(name);

interface Told {
  readonly rows: number;
  readonly first: string;
  readonly last: string;
  readonly changed: number;
  readonly not_askable: number;
  readonly not_by_old: { readonly rows: number; readonly first_line: number };
  readonly answers: readonly { readonly answer: string; readonly from: string; readonly to: string; readonly rows: number }[];
  readonly regions: readonly { readonly words: readonly string[]; readonly rows: number }[];
  readonly cut_off: string | null;
}

function Replay({ older }: { readonly older: { readonly files: number; readonly main: string } }) {
  const [found, setFound] = useState<Told | undefined>(undefined);
  const [wrong, setWrong] = useState("");
  const take = async (file: File | undefined) => {
    if (!file) return;
    setFound(undefined);
    if (file.size > LARGEST_LOG) return setWrong(t("log-large"));
    setWrong(t("working"));
    try {
      const answer = await ask("replay", { newer: at.peek(), older, log: await file.text() });
      if (answer.ok) setFound(answer.value as unknown as Told);
      setWrong(answer.ok ? "" : (answer.reason ?? t("mend-first")));
    } catch (error) {
      if (!(error instanceof Superseded)) setWrong((error as Error).message);
    }
  };
  useEffect(() => {
    const file = log.value;
    log.value = undefined;
    void take(file);
  }, [log.value]);
  return (
    <div class="drop">
      <h3>{t("replay")}</h3>
      <p class="soft">{t("replay-how")}</p>
      <label class="button">
        {t("choose-log")}
        <input type="file" class="visually-hidden" accept=".jsonl,.json,.log,text/plain" onChange={({ currentTarget }) => void take(currentTarget.files?.[0]).then(() => (currentTarget.value = ""))} />
      </label>
      {wrong && <p role="status">{wrong}</p>}
      {found && (
        <div role="status">
          <p>
            <strong>{t("replay-rows", { rows: grouped(found.rows), first: found.first, last: found.last })}</strong>{" "}
            {found.changed === 0 ? t("replay-same") : t("replay-changed", { changed: grouped(found.changed) })}
          </p>
          {found.cut_off && <p class="wrong">{found.cut_off}</p>}
          {found.not_by_old.rows > 0 && <p class="wrong">{t("replay-foreign", { rows: found.not_by_old.rows, line: found.not_by_old.first_line })}</p>}
          {found.not_askable > 0 && <p>{t("replay-not-askable", { rows: found.not_askable })}</p>}
          <table class="plain">
            <tbody>
              {found.answers.map((one) => (
                <tr key={one.answer + one.from + one.to}>
                  <th scope="row">
                    {one.answer}: {one.from} → {one.to}
                  </th>
                  <td>{grouped(one.rows)}</td>
                </tr>
              ))}
              {found.regions.map((one) => (
                <tr key={one.words.join()}>
                  <th scope="row">{one.words.join("; ") || t("always")}</th>
                  <td>{one.rows === 0 ? t("replay-never") : grouped(one.rows)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
