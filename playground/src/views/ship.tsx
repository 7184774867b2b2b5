// Ship: the module that is handed out. In: the policy. Out: bytes with their digest, types, snippets, what the module holds.
// Refuses to hand out a policy whose promises are broken.

import type { Policy } from "@keyward/runtime";
import { load } from "@keyward/runtime";
import { useEffect, useState } from "preact/hooks";
import { Choices, save, Shown } from "../parts/bits";
import { useAsked } from "../parts/asked";
import { say } from "../parts/notice";
import { known, policy } from "../state/request";
import { at, main } from "../state/work";
import type { Built } from "../worker/protocol";
import { grouped, t } from "../words/words";
import { sections } from "./sections";
import { SNIPPETS, snippet, type Snippet } from "./snippets";

const stem = (name: string): string => name.replace(/\.ward$/, "").replaceAll(/[^\w-]/g, "_");

/** The view. */
export function Ship() {
  const [strip, setStrip] = useState(false);
  const asked = useAsked("module", policy.value ? { ...at.value, strip } : undefined, "ship");
  return (
    <div class="picture">
      <Choices
        label={t("module-kind")}
        value={strip ? "strip" : "whole"}
        options={[
          { value: "whole", words: t("with-reasons") },
          { value: "strip", words: t("without-reasons") },
        ]}
        choose={(value) => setStrip(value === "strip")}
      />
      <Shown asked={asked}>{(built) => <Module built={built} />}</Shown>
      <Types />
    </div>
  );
}

function Module({ built }: { readonly built: Built }) {
  const [loaded, setLoaded] = useState<Policy | undefined>(undefined);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    load(built.module).then(
      (policy) => setLoaded(policy as Policy),
      (error: Error) => setFailed(error.message),
    );
  }, [built]);
  const name = `${stem(main.value)}.wasm`;
  if (failed) return <p class="wrong">{failed}</p>;
  if (!loaded) return <p class="soft">{t("working")}</p>;
  return (
    <>
      <div class="shipped">
        <button type="button" class="primary" onClick={() => save(name, built.module, "application/wasm")}>
          {t("download-module", { name })}
        </button>
        <dl>
          <div>
            <dt>{t("size")}</dt>
            <dd>{t("bytes", { count: grouped(built.sizes.bytes) })}</dd>
          </div>
          <div>
            <dt>{t("digest")}</dt>
            <dd>
              <code class="digest">{loaded.digest}</code>
            </dd>
          </div>
          <div>
            <dt>{t("proved-for")}</dt>
            <dd>{t("proved-words", { requests: grouped(loaded.requests), tests: loaded.tests, asserts: loaded.asserts })}</dd>
          </div>
          <div>
            <dt>{t("work")}</dt>
            <dd>{t("work-words", { nodes: built.sizes.nodes, steps: built.sizes.steps })}</dd>
          </div>
        </dl>
      </div>
      <Snippets loaded={loaded} file={name} />
      <Inside bytes={built.module} />
    </>
  );
}

function Code({ text, name }: { readonly text: string; readonly name?: string }) {
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say(t("copied")),
      () => say(t("copy-failed")),
    );
  return (
    <div class="code">
      <pre tabIndex={0}>{text}</pre>
      <div class="buttons">
        <button type="button" onClick={() => void copy()}>
          {t("copy")}
        </button>
        {name && (
          <button type="button" onClick={() => save(name, text, "text/plain")}>
            {t("download-module", { name })}
          </button>
        )}
      </div>
    </div>
  );
}

function Snippets({ loaded, file }: { readonly loaded: Policy; readonly file: string }) {
  const [kind, setKind] = useState<Snippet>("browser");
  return (
    <>
      <h3>{t("use-it")}</h3>
      <Choices label={t("use-it")} value={kind} options={SNIPPETS.map((value) => ({ value, words: t(`snippet-${value}`) }))} choose={setKind} />
      <Code text={snippet(kind, { policy: loaded, file, request: known.value })} />
    </>
  );
}

function Types() {
  const [language, setLanguage] = useState<"typescript" | "rust" | "c">("typescript");
  const asked = useAsked("types", policy.value ? { ...at.value, language } : undefined, "types");
  const ends = { typescript: "d.ts", rust: "rs", c: "h" };
  return (
    <>
      <h3>{t("types")}</h3>
      <Choices
        label={t("types")}
        value={language}
        options={[
          { value: "typescript", words: "TypeScript" },
          { value: "rust", words: "Rust" },
          { value: "c", words: "C" },
        ]}
        choose={setLanguage}
      />
      <Shown asked={asked}>{(text) => <Code text={text} name={`${stem(main.value)}.${ends[language]}`} />}</Shown>
    </>
  );
}

function Inside({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }) {
  const [text, setText] = useState<string | undefined>(undefined);
  useEffect(() => setText(undefined), [bytes]);
  const disassemble = async () => {
    const { BinaryReader, WasmDisassembler } = await import("wasmparser");
    const reader = new BinaryReader();
    reader.setData(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), 0, bytes.byteLength);
    const dis = new WasmDisassembler();
    dis.disassembleChunk(reader);
    setText(dis.getResult().lines.join("\n"));
  };
  return (
    <details onToggle={({ currentTarget }) => currentTarget.open && text === undefined && void disassemble().catch((error: Error) => setText(error.message))}>
      <summary>{t("inside")}</summary>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{t("section")}</th>
            <th scope="col">{t("size")}</th>
          </tr>
        </thead>
        <tbody>
          {sections(bytes).map((section, place) => (
            <tr key={place}>
              <th scope="row">
                <code>{section.name}</code> <span class="soft">{section.about && t(section.about)}</span>
              </th>
              <td>{t("bytes", { count: grouped(section.bytes) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {text === undefined ? <p class="soft">{t("working")}</p> : <pre class="wat" tabIndex={0}>{text}</pre>}
    </details>
  );
}
