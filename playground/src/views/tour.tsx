// The tour: five minutes in a small policy, with real edits. In: the work. Out: steps that tick themselves when they are done.
// Refuses to pretend: a step is done when the policy says so.

import { signal } from "@preact/signals";
import { applyEdits, cursor } from "../editor/desk";
import { ruleAt } from "../editor/names";
import { baseline, checked, main, version } from "../state/work";
import { openExample } from "../session";
import { known, put } from "../state/request";
import { names } from "../state/known";
import { show } from "../editor/desk";
import { view } from "../state/view";
import { t } from "../words/words";

const step = signal(0);

interface Step {
  readonly id: string;
  /** Whether it is done. */
  readonly done: () => boolean;
  /** Does it. */
  readonly help: () => void;
}

const FILE = "office.ward";
const text = (): string => version.value.files[FILE] ?? "";

function replace(from: string, to: string): void {
  const at = text().indexOf(from);
  if (at >= 0) applyEdits([{ file: FILE, start: at, end: at + from.length, text: to }]);
}

const STEPS: readonly Step[] = [
  {
    id: "read",
    done: () => ruleAt(cursor.value.file, cursor.value.at)?.name === "guards",
    help: () => {
      const found = names.peek()?.find(({ name }) => name === "guards");
      if (found) show(FILE, found.at[1]);
    },
  },
  {
    id: "try",
    done: () => known.value["person.job"] === "cleaner" && typeof known.value["now"] === "string",
    help: () => {
      view.value = "try";
      put("person.job", "cleaner");
      put("now", "2026-11-29T23:00");
    },
  },
  {
    id: "edit",
    done: () => text().includes("until 20:00") && checked.value?.value.errors === 0,
    help: () => replace("from 08:00 until 18:00", "from 08:00 until 20:00"),
  },
  {
    id: "change",
    done: () => view.value === "change",
    help: () => (view.value = "change"),
  },
  {
    id: "break",
    done: () => checked.value?.value.asserts.some(({ holds }) => !holds) ?? false,
    help: () => {
      replace("then access is allowed and notices include security_desk", "then access is allowed");
      view.value = "proof";
    },
  },
  {
    id: "mend",
    done: () => checked.value?.value.errors === 0 && /guard\n {2}then access is allowed and notices include security_desk/.test(text()),
    help: () => replace("person.job is guard\n  then access is allowed\n", "person.job is guard\n  then access is allowed and notices include security_desk\n"),
  },
  {
    id: "ship",
    done: () => view.value === "ship",
    help: () => (view.value = "ship"),
  },
];

/** Goes on by itself when a step is done. */
function advance(): void {
  while (step.peek() < STEPS.length && STEPS[step.peek()]!.done()) step.value = step.peek() + 1;
}

/** Starts the tour. */
export async function startTour(): Promise<void> {
  await openExample("office");
  step.value = 0;
  view.value = "tour";
}

const running = signal(false);

/** The bar of the tour, above every view while it runs. */
export function TourBar() {
  if (!running.value || view.value === "tour") return null;
  return (
    <aside class="tourbar" aria-label={t("view-tour")}>
      <Now />
    </aside>
  );
}

function Now() {
  advance();
  const here = STEPS[step.value];
  const close = () => {
    running.value = false;
    if (view.peek() === "tour") view.value = "try";
  };
  if (!here) {
    return (
      <div class="step">
        <p>
          <strong>{t("tour-end")}</strong> {t("tour-end-how")}
        </p>
        <button type="button" onClick={close}>
          {t("close")}
        </button>
      </div>
    );
  }
  return (
    <div class="step" aria-live="polite">
      <p>
        <strong>
          {step.value + 1}/{STEPS.length} {t(`tour-${here.id}`)}
        </strong>{" "}
        {t(`tour-${here.id}-how`)}
      </p>
      <div class="buttons">
        <button type="button" class="primary" onClick={here.help}>
          {t("tour-do")}
        </button>
        <button type="button" onClick={() => (step.value = step.value + 1)}>
          {t("tour-skip")}
        </button>
        <button type="button" onClick={close}>
          {t("close")}
        </button>
      </div>
    </div>
  );
}

/** The view: what the tour is, and where it stands. */
export function Tour() {
  const begun = running.value && FILE in version.value.files && main.value === FILE && baseline.value !== undefined;
  return (
    <div class="picture tour">
      <h3>{t("tour-title")}</h3>
      <p>{t("tour-about")}</p>
      {!begun && (
        <button
          type="button"
          class="primary"
          onClick={() => {
            running.value = true;
            void startTour();
          }}
        >
          {t("tour-start")}
        </button>
      )}
      {begun && <Now />}
      <ol class="steps">
        {STEPS.map(({ id }, number) => (
          <li key={id} class={begun && number < step.value ? "holds" : undefined} aria-current={begun && number === step.value ? "step" : undefined}>
            {begun && number < step.value && (
              <span class="tick" role="img" aria-label={t("done")}>
                ✓
              </span>
            )}{" "}
            {t(`tour-${id}`)}
          </li>
        ))}
      </ol>
    </div>
  );
}
