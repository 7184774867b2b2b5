// <keyward-policy src="night.wasm">: one policy in anybody's page, with the form that tries it. In: the address of a module, or of a
// text (then the compiler is loaded, too). Out: an element in a shadow tree. Refuses to change the page around it, and to send
// anything anywhere.

import { load, type Policy } from "@keyward/runtime";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import styles from "./element.css?inline";
import { Answers } from "./views/answers";
import { Form } from "./views/form";
import { decide } from "./state/decide";
import { PLAIN, Spoken, Words } from "./words/labels";
import { LANGUAGES, speak, t, type Language } from "./words/words";
import type { Labels } from "@keyward/compiler";

/** Most bytes of a text that is compiled for a page of somebody else. */
const LARGEST = 256 * 1024;

interface Shown {
  readonly policy: Policy;
  readonly labels: Labels;
  readonly text?: string;
}

/** Fetches a policy: a module as it is, a text through the compiler. */
async function fetched(src: string, uses: readonly string[]): Promise<Shown> {
  if (!src.endsWith(".ward")) return { policy: (await load(src)) as Policy, labels: PLAIN };
  const get = async (address: string) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    const text = await answer.text();
    if (text.length > LARGEST) throw new Error(`${address}: ${text.length} > ${LARGEST}`);
    return [address.slice(address.lastIndexOf("/") + 1), text] as const;
  };
  const texts = Object.fromEntries(await Promise.all([src, ...uses].map(get)));
  const main = src.slice(src.lastIndexOf("/") + 1);
  const [{ load: start }, { default: wasm }] = await Promise.all([import("@keyward/compiler"), import("@keyward/compiler/compiler.wasm?url")]);
  const compiler = await start(fetch(new URL(wasm, import.meta.url)));
  const project = compiler.project(texts);
  const built = project.build(main);
  if (!built.ok) throw new Error(built.diagnostics?.map(({ message }) => message).join(" · ") ?? built.reason ?? "");
  const labels = project.labels(main);
  const text = texts[main];
  return { policy: (await load(built.value.module)) as Policy, labels: labels.ok ? labels.value : PLAIN, ...(text !== undefined && { text }) };
}

function Embedded({ src, uses, zone, first }: { readonly src: string; readonly uses: readonly string[]; readonly zone: string; readonly first: Readonly<Record<string, unknown>> }) {
  const [shown, setShown] = useState<Shown | undefined>(undefined);
  const [failed, setFailed] = useState("");
  const [values, setValues] = useState(first);
  const [name, setName] = useState("");
  useEffect(() => {
    let here = true;
    setFailed("");
    fetched(src, uses).then(
      (found) => here && setShown(found),
      (error: Error) => here && setFailed(error.message),
    );
    return () => {
      here = false;
    };
  }, [src]);
  if (failed) return <p class="wrong">{t("embed-failed", { why: failed })}</p>;
  if (!shown) return <p class="soft">{t("embed-loading")}</p>;
  const { policy, labels, text } = shown;
  const decision = policy.decisions.find((one) => one.name === name)?.name ?? policy.decisions[0]?.name ?? "";
  const now = decide(policy, values, { decision, zone });
  return (
    <Spoken.Provider value={{ words: new Words(labels), zone }}>
      <h2>{policy.title || policy.name}</h2>
      {policy.decisions.length > 1 && (
        <select aria-label={t("decision")} value={decision} onChange={({ currentTarget }) => setName(currentTarget.value)}>
          {policy.decisions.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      )}
      {now.ok ? (
        <Answers decided={now.decided} possible={now.possible} policy={policy} />
      ) : (
        <p class="wrong" role="alert">
          {now.message}
        </p>
      )}
      <Form
        inputs={policy.inputs}
        values={values}
        put={(input, value) =>
          setValues((before) => {
            const { [input]: _, ...rest } = before;
            return value === undefined ? rest : { ...rest, [input]: value };
          })
        }
        {...(!now.ok && { wrong: now })}
      />
      {text && (
        <details>
          <summary>{t("embed-source")}</summary>
          <pre tabIndex={0}>{text}</pre>
        </details>
      )}
      <p class="soft foot">
        {policy.name} {policy.version} · <code>{policy.digest.slice(0, 16)}</code>
      </p>
    </Spoken.Provider>
  );
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);

class KeywardPolicy extends HTMLElement {
  static readonly observedAttributes = ["src"];

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const wanted = (this.getAttribute("lang") ?? document.documentElement.lang).slice(0, 2);
    void speak(wanted in LANGUAGES ? (wanted as Language) : "en", false).then(() => this.#draw(root));
  }

  attributeChangedCallback(): void {
    if (this.shadowRoot) this.#draw(this.shadowRoot);
  }

  disconnectedCallback(): void {
    if (this.shadowRoot) render(null, this.shadowRoot);
  }

  #draw(root: ShadowRoot): void {
    const src = this.getAttribute("src");
    const uses = (this.getAttribute("uses") ?? "").split(/\s+/).filter(Boolean);
    const zone = this.getAttribute("zone") ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    let first = {};
    try {
      first = JSON.parse(this.getAttribute("request") ?? "{}") as Record<string, unknown>;
    } catch {
      // A request that cannot be read is none; the form begins empty.
    }
    render(src ? <Embedded src={src} uses={uses} zone={zone} first={first} /> : <p class="wrong">{t("embed-failed", { why: 'src=""' })}</p>, root);
  }
}

if (!customElements.get("keyward-policy")) customElements.define("keyward-policy", KeywardPolicy);
