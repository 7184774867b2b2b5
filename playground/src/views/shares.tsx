// Shares: how much of everything possible each answer and each rule speaks for. In: what the compiler counted. Out: bars. Refuses
// to know traffic: these are possible requests, not past ones.

import { Bar, Shown } from "../parts/bits";
import { useAsked } from "../parts/asked";
import { cursor } from "../editor/desk";
import { ruleAt } from "../editor/names";
import { at, checked } from "../state/work";
import { policy } from "../state/request";
import { grouped, t } from "../words/words";
import { showRule } from "./rules";
import { useWords } from "../words/labels";

/** The view. */
export function ShareView() {
  const words = useWords();
  const asked = useAsked("shares", policy.value ? at.value : undefined, "shares");
  const requests = checked.value?.value.requests;
  const here = ruleAt(cursor.value.file, cursor.value.at)?.name;
  return (
    <div class="picture">
      {requests !== undefined && <p>{t("shares-of", { requests: grouped(requests) })}</p>}
      <Shown asked={asked}>
        {(shares) => {
          const answers = [...new Set(shares.answers.map(({ decision, answer }) => `${decision}\0${answer}`))].map((one) => one.split("\0") as [string, string]);
          return (
            <>
              {answers.map(([decision, answer]) => (
                <div key={decision + answer} class="bars">
                  <h3 title={`${decision}.${answer}`}>{answers.length > 1 || !decision ? words.answer(decision, answer) : words.decision(decision)}</h3>
                  <table class="plain">
                    <tbody>
                      {shares.answers
                        .filter((one) => one.decision === decision && one.answer === answer)
                        .map((one) => (
                          <tr key={one.value}>
                            <th scope="row">{one.value}</th>
                            <td>
                              <Bar share={one.count.share} />
                            </td>
                          </tr>
                        ))}
                    </tbody>
                  </table>
                </div>
              ))}
              <h3>{t("rules")}</h3>
              <div class="scroll" tabIndex={0} role="region" aria-label={t("rules")}>
                <table class="plain rules-table">
                  <thead>
                    <tr>
                      <th scope="col">{t("rule")}</th>
                      <th scope="col">{t("applies")}</th>
                      <th scope="col">{t("decides")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {shares.rules.map((rule) => (
                      <tr key={rule.name} class={rule.name === here ? "lit" : undefined}>
                        <th scope="row">
                          <button type="button" class="link" onClick={() => showRule(rule.name)}>
                            {rule.name}
                          </button>
                        </th>
                        <td>
                          <Bar share={rule.applies.share} />
                        </td>
                        <td>
                          <Bar share={rule.decides.share} words={rule.decides.requests === "0" ? t("never") : rule.decides.share} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          );
        }}
      </Shown>
    </div>
  );
}
