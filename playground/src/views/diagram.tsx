// The decision diagram: what is asked, one after the other. In: a diagram of the compiler, with places. Out: a picture whose parts
// show their text. Refuses to place anything: the compiler did.

import { useEffect, useRef, useState } from "preact/hooks";
import { Choices, save, Shown } from "../parts/bits";
import { useAsked } from "../parts/asked";
import { names } from "../state/known";
import { cursor, show } from "../editor/desk";
import { symbolAt } from "../editor/names";
import { looking } from "../state/look";
import { ask } from "../worker/client";
import type { Drawing } from "../worker/protocol";
import { t } from "../words/words";
import { LookingAt } from "./looking";

const short = (text: string, most = 36): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** The view. */
export function Diagram() {
  const question = looking.value;
  const asked = useAsked("draw", question, "draw");
  const download = async (form: "svg" | "dot") => {
    const made = question && (await ask("drawing", { ...question, form }));
    if (made?.ok) save(`diagram.${form}`, made.value, form === "svg" ? "image/svg+xml" : "text/vnd.graphviz");
  };
  return (
    <div class="picture">
      <LookingAt />
      <div class="buttons">
        <button type="button" onClick={() => void download("svg")}>
          SVG
        </button>
        <button type="button" onClick={() => void download("dot")}>
          DOT
        </button>
      </div>
      <Shown asked={asked}>{(drawing) => <Picture drawing={drawing} />}</Shown>
    </div>
  );
}

/** Shows where the name at the start of a question is declared. */
function showName(question: string): void {
  const all = names.peek() ?? [];
  const candidates = all.filter(({ kind, name }) => ["input", "setting", "term", "answer", "group", "calendar"].includes(kind) && (question === name || question.startsWith(`${name} `) || question.startsWith(`${name}.`)));
  const [found] = candidates.sort((one, other) => other.name.length - one.name.length);
  if (found) show(found.at[0], found.at[1], found.at[2], false);
}

/** Shows the first rule that says an outcome. */
function showOutcome(outcome: string): void {
  const value = names.peek()?.find(({ kind, name }) => kind === "value" && name === outcome);
  if (value) show(value.at[0], value.at[1], value.at[2], false);
}

function Picture({ drawing }: { readonly drawing: Drawing }) {
  const { width, height, items, curves } = drawing.picture;
  const here = symbolAt(cursor.value.file, cursor.value.at)?.named.name;
  const words = (item: Drawing["picture"]["items"][number]): string =>
    item.kind === "question"
      ? (drawing.questions[item.number]?.asks ?? "")
      : item.kind === "outcome"
        ? (drawing.outcomes[item.number] ?? "")
        : item.kind === "start"
          ? (drawing.starts[item.number]?.when ?? "")
          : (drawing.questions[item.number]?.ways[item.way ?? 0]?.when ?? "");
  const frame = useRef<HTMLDivElement>(null);
  const [whole, setWhole] = useState(width < 900);
  const start = items.find(({ kind }) => kind === "start")?.x ?? width / 2;
  useEffect(() => frame.current?.scrollTo({ left: start - frame.current.clientWidth / 2 }), [drawing, whole]);
  return (
    <>
      <Choices
        label={t("zoom")}
        value={whole ? "whole" : "natural"}
        options={[
          { value: "natural", words: t("zoom-natural") },
          { value: "whole", words: t("zoom-whole") },
        ]}
        choose={(value) => setWhole(value === "whole")}
      />
      <p class="soft">{t("diagram-how", { questions: drawing.questions.length, outcomes: drawing.outcomes.length })}</p>
      <div class="scroll" ref={frame} tabIndex={0} role="region" aria-label={t("view-diagram")}>
        <svg class="diagram" width={whole ? "100%" : width} height={whole ? undefined : height - 40} viewBox={`0 44 ${width} ${height - 40}`} role="group" aria-label={drawing.answer}>
          {curves.map(([x1, y1, x2, y2], place) => (
            <path key={place} d={`M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`} />
          ))}
          {items.map((item, place) => {
            const text = words(item);
            const isBox = item.kind === "question" || item.kind === "outcome";
            const go = () => (item.kind === "question" ? showName(text) : showOutcome(text));
            const lit = item.kind === "question" && here !== undefined && (text === here || text.startsWith(`${here} `) || text.startsWith(`${here}.`));
            return (
              <g
                key={place}
                class={`${item.kind}${item.kind === "outcome" ? ` tone-${item.number % 6}` : ""}${lit ? " lit" : ""}`}
                {...(isBox && {
                  role: "button",
                  tabIndex: 0,
                  "aria-label": text,
                  onClick: go,
                  onKeyDown: (event: KeyboardEvent) => {
                    if (event.key === "Enter" || event.key === " ") {
                      event.preventDefault();
                      go();
                    }
                  },
                })}
              >
                <title>{text}</title>
                {isBox && <rect x={item.x - item.width / 2} y={item.y} width={item.width} height={26} rx={item.kind === "question" ? 13 : 3} />}
                <text x={item.x} y={item.y + 17} text-anchor="middle">
                  {short(text)}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
    </>
  );
}
