// The page: text on one side, views on the other. In: the work. Out: what is seen. Refuses to know what any part does.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Editor } from "./editor/editor";
import { focusEditor } from "./editor/desk";
import { formatFile } from "./editor/format";
import { Renaming } from "./editor/rename";
import { FileTabs } from "./parts/files";
import { Notice, say } from "./parts/notice";
import { Problems } from "./views/problems";
import { theme, THEMES, type Theme } from "./parts/theme";
import { save } from "./parts/bits";
import { unkept } from "./state/drafts";
import { EXAMPLES } from "./state/policies";
import { archive, bringBack, link, openExample, openFiles, previous } from "./session";
import { ShareError } from "./state/share";
import { side, view, VIEWS, type View } from "./state/view";
import { zone } from "./state/request";
import { checked, labels, lookAt, main, open, version } from "./state/work";
import { busy, health, restarts } from "./worker/client";
import { Change, isLog, log } from "./views/change";
import { Diagram } from "./views/diagram";
import { Proof } from "./views/proof";
import { ShareView } from "./views/shares";
import { Ship } from "./views/ship";
import { Tables } from "./views/table";
import { Tour, TourBar } from "./views/tour";
import { TryIt } from "./views/try";
import { WeekMap } from "./views/week";
import { Spoken, Words } from "./words/labels";
import { language, LANGUAGES, speak, t, type Language } from "./words/words";

const SHOWN: Readonly<Record<View, () => preact.JSX.Element | null>> = {
  try: TryIt,
  table: Tables,
  week: WeekMap,
  diagram: Diagram,
  shares: ShareView,
  change: Change,
  proof: Proof,
  ship: Ship,
  tour: Tour,
};

/** The page, in the words of its policy. */
export function App() {
  const words = useMemo(() => ({ words: new Words(labels.value), zone: zone.value }), [labels.value, zone.value]);
  return (
    <Spoken.Provider value={words}>
      <Page />
    </Spoken.Provider>
  );
}

function Page() {
  useEffect(() => {
    document.title = checked.value?.value.policy ? `${checked.value.value.policy} · Keyward` : t("page-title");
  }, [checked.value?.value.policy, language.value]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.altKey && !event.ctrlKey && /^[1-9]$/.test(event.key)) {
        const wanted = VIEWS[Number(event.key) - 1];
        if (wanted) {
          event.preventDefault();
          choose(wanted, true);
        }
      }
      if (event.key === "F6") {
        event.preventDefault();
        const inText = document.activeElement?.classList.contains("editor");
        if (inText) choose(view.peek(), true);
        else {
          side.value = "text";
          focusEditor();
        }
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  return (
    <div
      class={`page side-${side.value}`}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const files = [...(event.dataTransfer?.files ?? [])];
        const dropped = files.find(isLog);
        if (dropped) {
          log.value = dropped;
          choose("change", false);
        } else if (files.length) void openFiles(files);
      }}
    >
      <a class="skip" href="#views" onClick={(event) => (event.preventDefault(), choose(view.peek(), true))}>
        {t("skip")}
      </a>
      <Header />
      <Health />
      <main>
        <div class="text" aria-label={t("text")} role="region">
          <FileTabs />
          <Editor />
          <Problems />
        </div>
        <div class="views">
          <Tabs />
          <TourBar />
          <Panel />
        </div>
      </main>
      <Renaming />
      <Notice />
    </div>
  );
}

function choose(wanted: View, focus: boolean): void {
  view.value = wanted;
  side.value = "view";
  if (!focus) return;
  // At once, so that the next key finds it there; and again where the tabs are shown only now.
  const there = () => {
    if (view.peek() === wanted) document.getElementById(`tab-${wanted}`)?.focus();
  };
  there();
  setTimeout(there);
}

function Header() {
  const files = useRef<HTMLInputElement>(null);
  const policies = Object.keys(version.value.files);
  const share = async () => {
    try {
      const address = await link();
      history.replaceState(null, "", address);
      await navigator.clipboard.writeText(address).then(
        () => say(t("link-copied", { count: address.length })),
        () => say(t("link-in-address")),
      );
    } catch (error) {
      say(t(error instanceof ShareError ? error.message : "failed"));
    }
  };
  return (
    <header>
      <h1>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M14 3a7 7 0 0 0-6.6 9.3L2 17.7V22h4.3v-2.6h2.6v-2.6h2.2l.6-.6A7 7 0 1 0 14 3Zm2.2 3.2a2.1 2.1 0 1 1 0 4.2 2.1 2.1 0 0 1 0-4.2Z" />
        </svg>
        Keyward
      </h1>
      <label>
        <span class="visually-hidden">{t("example")}</span>
        <select
          value=""
          onChange={({ currentTarget }) => {
            void openExample(currentTarget.value);
            currentTarget.value = "";
          }}
        >
          <option value="" disabled>
            {t("example")}
          </option>
          {EXAMPLES.map(({ id }) => (
            <option key={id} value={id}>
              {t(`example-${id.replaceAll("_", "-")}`)}
            </option>
          ))}
        </select>
      </label>
      <div class="buttons" role="toolbar" aria-label={t("tools")}>
        <button type="button" onClick={() => void formatFile(open.peek())} title={t("format-key")}>
          {t("format")}
        </button>
        <button type="button" onClick={() => files.current?.click()}>
          {t("open-files")}
        </button>
        <input
          ref={files}
          type="file"
          multiple
          accept=".ward,.zip"
          class="visually-hidden"
          tabIndex={-1}
          aria-label={t("open-files")}
          onChange={({ currentTarget }) => {
            void openFiles([...(currentTarget.files ?? [])]);
            currentTarget.value = "";
          }}
        />
        <button type="button" onClick={() => void archive().then((bytes) => save("keyward.zip", bytes, "application/zip"))}>
          {t("export-zip")}
        </button>
        <button type="button" class="primary" onClick={() => void share()}>
          {t("share-link")}
        </button>
      </div>
      <label class="inline looked">
        {t("policy")}{" "}
        <select value={main.value} onChange={({ currentTarget }) => lookAt(currentTarget.value)}>
          {policies.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <div class="choices">
        <select aria-label={t("theme")} value={theme.value} onChange={({ currentTarget }) => (theme.value = currentTarget.value as Theme)}>
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {t(`theme-${one}`)}
            </option>
          ))}
        </select>
        <select aria-label={t("language")} value={language.value} onChange={({ currentTarget }) => void speak(currentTarget.value as Language)}>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </header>
  );
}

function Health() {
  const [told, setTold] = useState(0);
  const restarted = restarts.value;
  return (
    <>
      {health.value.state === "unable" && (
        <p class="banner bad" role="alert">
          {t("compiler-missing", { why: health.value.why })}
        </p>
      )}
      {health.value.state === "loading" && restarted.count === 0 && <p class="banner loading" role="status">{t("compiler-loading")}</p>}
      {restarted.count > told && health.value.state !== "unable" && (
        <p class="banner warn" role="alert">
          {t("compiler-again", { why: restarted.why })}{" "}
          <button type="button" onClick={() => setTold(restarted.count)}>
            {t("ok")}
          </button>
        </p>
      )}
      {unkept.value && (
        <p class="banner warn" role="alert">
          {t("drafts-unkept", { why: unkept.value })}
        </p>
      )}
      {previous.value && (
        <p class="banner" role="status">
          {t("previous")}{" "}
          <button type="button" onClick={bringBack}>
            {t("bring-back")}
          </button>{" "}
          <button type="button" onClick={() => (previous.value = undefined)}>
            {t("close")}
          </button>
        </p>
      )}
    </>
  );
}

function Tabs() {
  const move = (event: KeyboardEvent) => {
    const at = VIEWS.indexOf(view.peek());
    const next = event.key === "ArrowRight" ? at + 1 : event.key === "ArrowLeft" ? at - 1 : event.key === "Home" ? 0 : event.key === "End" ? VIEWS.length - 1 : undefined;
    if (next === undefined) return;
    event.preventDefault();
    choose(VIEWS[(next + VIEWS.length) % VIEWS.length]!, true);
  };
  return (
    <div class="tabs">
      <button type="button" class="to-text" aria-pressed={side.value === "text"} onClick={() => (side.value = "text")}>
        {t("text")}
      </button>
      <div role="tablist" aria-label={t("views")} onKeyDown={move}>
        {VIEWS.map((one) => (
          <button
            key={one}
            id={`tab-${one}`}
            type="button"
            role="tab"
            aria-selected={view.value === one}
            aria-controls="views"
            tabIndex={view.value === one ? 0 : -1}
            onClick={() => choose(one, false)}
          >
            {t(`view-${one}`)}
          </button>
        ))}
      </div>
      <span class={busy.value ? "busy on" : "busy"} aria-hidden="true" />
    </div>
  );
}

function Panel() {
  const View = SHOWN[view.value];
  return (
    <div id="views" class="panel" role="tabpanel" aria-labelledby={`tab-${view.value}`} tabIndex={-1}>
      <h2 class="visually-hidden">{t(`view-${view.value}`)}</h2>
      <View />
    </div>
  );
}
