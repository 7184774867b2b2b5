// The three programs of README.md, run as they stand there, on the module of this tree. In: README.md. Out: whether they print
// the line that README.md says. Refuses to run anything that is not in it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { serve, withPage } from "./parts/browser.mjs";

const root = join(import.meta.dirname, "../../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const block = (name) => new RegExp(`^\`\`\`\\w+ ${name}\\n([^]*?)^\`\`\``, "m").exec(readme)[1];
const [, expected] = /^```text\n([0-9a-f]{64} ok allowed)\n```/m.exec(readme);
const module = join(root, "target/keyward/after_hours.wasm");

test("the three programs of the readme print the same line", { timeout: 300_000 }, async (t) => {
  const folder = mkdtempSync(join(root, "target/readme-"));
  try {
    copyFileSync(module, join(folder, "after_hours.wasm"));
    copyFileSync(join(root, "policies/after_hours/request.json"), join(folder, "request.json"));
    const digest = createHash("sha256").update(readFileSync(module)).digest("hex");
    assert.equal(expected.split(" ")[0], digest, "the digest in README.md");

    await t.test("in Rust", () => {
      assert.equal(block("server.rs"), readFileSync(join(root, "bindings/server/examples/readme.rs"), "utf8").replace(/^(\/\/!.*\n)+\n/, ""));
      execFileSync("cargo", ["build", "--quiet", "--workspace", "--example", "readme"], { cwd: root, stdio: "inherit" });
      const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
      assert.equal(execFileSync(join(target, "debug/examples/readme"), { cwd: folder, encoding: "utf8" }).trim(), expected);
    });

    await t.test("in a page", async () => {
      cpSync(join(root, "bindings/js/runtime/dist"), join(folder, "runtime"), { recursive: true });
      writeFileSync(join(folder, "page.html"), block("page.html"));
      const server = await serve(folder, {}, "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'");
      try {
        const said = await withPage(`${server.origin}/page.html`, async (page) => {
          await page.waitForFunction(() => document.body.textContent.trim() !== "");
          return page.evaluate(() => document.body.textContent);
        });
        assert.equal(said, expected);
      } finally {
        server.close();
      }
    });

    await t.test("in Python", () => {
      const python = [join(root, "target/python/bin/python"), "python3"].find((path) => path === "python3" || existsSync(path));
      copyFileSync(join(root, "bindings/python/keyward.py"), join(folder, "keyward.py"));
      writeFileSync(join(folder, "program.py"), block("program.py"));
      assert.equal(execFileSync(python, ["program.py"], { cwd: folder, encoding: "utf8" }).trim(), expected);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
