// Programs of ten lines that use this policy. In: a loaded policy, the name of its file, a request. Out: text. Refuses to invent
// names: they are the policy's own.

import type { Input, Policy } from "@keyward/runtime";
import type { Request } from "../worker/protocol";

export const SNIPPETS = ["browser", "node", "server", "python", "box"] as const;
export type Snippet = (typeof SNIPPETS)[number];

interface About {
  readonly policy: Policy;
  readonly file: string;
  readonly request: Request;
}

/** A value that fits an input. */
function usual(input: Input): unknown {
  switch (input.type) {
    case "yes or no":
      return true;
    case "one of":
      return input.values[0] ?? "";
    case "set of":
      return input.values.slice(0, 1);
    case "number":
    case "duration":
      return input.least;
    case "moment":
      return "2026-11-29T23:00";
    case "date":
      return "2026-11-29";
    case "time":
      return "23:00";
    case "identifier":
      return input.values[0] ?? "p1";
  }
}

function asked({ policy, request }: About): Record<string, unknown> {
  const inputs = policy.inputs.filter(({ name, origin }) => origin !== "setting" || request[name] !== undefined);
  return Object.fromEntries(inputs.map((input) => [input.name, request[input.name] ?? usual(input)]));
}

const constant = (text: string): string => text.toUpperCase().replaceAll(/\W/g, "_");

/** A value of Python. */
function python(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (value === null) return "None";
  return typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
}


/** As many parts on a line as fit. */
function wrapped(parts: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + part.length < 110) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(indent + part);
  }
  return lines.join("\n");
}

/** The name that types in other languages begin with. */
const stem = (policy: Policy): string => policy.name.slice(policy.name.lastIndexOf(".") + 1);

/** The program. */
export function snippet(kind: Snippet, about: About): string {
  const { policy, file } = about;
  const [decision] = policy.decisions;
  const answer = decision?.answers[0];
  const [name, said] = [decision?.name ?? "", answer?.name ?? ""];
  const request = asked(about);
  const lines = Object.entries(request);
  const option = policy.decisions.length > 1 ? `, { decision: "${name}" }` : "";
  const js = wrapped(lines.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`), "  ");
  switch (kind) {
    case "browser":
      return `<script type="module">\nimport { load } from "./runtime/index.js"; // @keyward/runtime\nconst policy = await load("${file}");\nconst { status, answers, because } = policy.why({\n${js}\n}${option});\ndocument.body.textContent = \`\${status}: ${said} is \${answers.${said}}. \${because.map((one) => one.text).join(" ")}\`;\n</script>\n`;
    case "node":
      return `import { readFile } from "node:fs/promises";\nimport { load } from "@keyward/runtime";\nconst policy = await load(new Uint8Array(await readFile("${file}")));\nconst { status, answers } = policy.decide({\n${js}\n}${option});\nconsole.log(policy.digest, status, answers.${said});\n`;
    case "server":
      return `use keyward_server::json::{Decided, Terms, read_request};\nuse keyward_server::{Decider, Policy};\n\nfn main() -> Result<(), Box<dyn std::error::Error>> {\n    let policy = Policy::load(&std::fs::read("${file}")?)?;\n    let json = r#"${JSON.stringify(request)}"#;\n    let request = read_request(policy.schema(), json.as_bytes(), &Terms::default())?;\n    let decided = Decided::new(&mut Decider::new(&policy)?, 0, &request.pack())?;\n    println!("{} {}", decided.status.word(), decided.answer("${said}").unwrap_or_default());\n    Ok(())\n}\n`;
    case "python":
      return `from keyward import Policy\n\npolicy = Policy("${file}")\nstatus, answers = policy.decide({\n${wrapped(lines.map(([key, value]) => `${JSON.stringify(key)}: ${python(value)},`), "    ")}\n})\nprint(policy.digest, status, answers["${said}"])\n`;
    case "box": {
      const own = stem(policy);
      const big = constant(own);
      return `/* keyward types ${file.replace(/\.wasm$/, ".ward")} --as c > ${own}.h */\n#include "keyward.h"\n#include "${own}.h"\n\nint may_open(const uint8_t *module, uint32_t length, const kw_${own}_request *request) {\n  kw_policy policy;\n  kw_${own}_${name}_answers answers;\n  if (kw_open(&policy, module, length) != KW_OPENED || kw_schema(&policy) != KW_${big}_SCHEMA) return 0;\n  uint32_t status = kw_decide(&policy, 0, request, KW_${big}_SHORT, &answers, sizeof answers);\n  return status == KW_OK && answers.${said} == KW_${big}_${constant(name)}_${constant(said)}_${constant(answer?.values[0] ?? "yes")};\n}\n`;
    }
  }
}
