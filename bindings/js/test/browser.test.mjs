// The runtime in Chromium: the same cases (P3), as a module, as a plain script, in a worker, on a page with a strict policy.
// In: the built packages. Refuses to pass where there is no browser.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { browserPath, serve, withPage } from "./parts/browser.mjs";

const root = join(import.meta.dirname, "../../..");
const names = readdirSync(join(root, "tests/conformance")).filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -6));

test("p3 conformance: the runtime in Chromium", { timeout: 180_000 }, async (t) => {
  assert.ok(browserPath(), "there is no Chromium: apt-get install chromium, or set KEYWARD_CHROMIUM");
  const server = await serve(root, { "/names.json": JSON.stringify(names) });
  try {
    await withPage(`${server.origin}/bindings/js/test/parts/page.html`, async (page, complaints) => {
      const found = await page.evaluate(() => window.found);
      assert.deepEqual(found.wrong.slice(0, 10), [], `${found.wrong.length} differences`);
      t.diagnostic(JSON.stringify(found.cases));
      for (const door of ["module", "script", "lean", "worker"]) assert.ok(found.cases[door] >= 1_500, door);
      assert.deepEqual(found.zones, []);
      const module = readFileSync(join(root, "target/conformance/after_hours.wasm"));
      assert.equal(found.digests.after_hours, createHash("sha256").update(module).digest("hex"));
      assert.equal(found.unreachable, "LoadError unreachable");
      // The one address that does not exist, and nothing of the page's policy.
      assert.deepEqual(complaints.filter((text) => !/404/.test(text)), []);
    });
  } finally {
    server.close();
  }
});
