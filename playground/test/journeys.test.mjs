// Three journeys through the page, as three people would make them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { append, launch, open, ROOT, serve, settled, view } from "./parts/page.mjs";

let [browser, site] = [];
before(async () => void ([browser, site] = [await launch(), await serve()]));
after(async () => {
  await browser.close();
  site.close();
});

test("a manager finds out who may take a master key on a Sunday night, and exports the week map", async () => {
  const { page, complaints, close } = await open(browser, `${site.page}#example=after_hours`);
  await settled(page);
  // Who: the table of those requests alone, read from the top.
  await view(page, "table");
  await page.fill(".looking input", "now.date is 2026-11-29 and now.time is at least 23:00 and key.sensitivity is critical");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /of .* possible requests/.test(document.querySelector(".panel").innerText));
  const rows = await page.locator(".decision tbody tr").count();
  assert.ok(rows > 1, "the table has rows");
  assert.match(await page.locator(".decision").first().innerText(), /may_enter/);
  // A row shows the rules behind it, and the text they stand in.
  await page.locator(".decision tr", { hasText: "allowed" }).locator(".rules .link").first().click();
  assert.equal(await page.locator(".file.on").innerText().then((words) => words.trim()), "after_hours.ward");
  await page.waitForSelector(".kw-mark");
  // Whoever may, on what terms at which hour.
  await view(page, "week");
  await page.selectOption(".looking select", "after_hours.kinds");
  await page.waitForSelector(".weekmap rect.tone-2");
  assert.match(await page.locator(".week").innerText(), /Friday\s+00:00–06:30 2/);
  // Christmas differs.
  await page.waitForFunction(() => /24 Dec 2026/.test(document.querySelector(".week").innerText));
  for (const [name, holds] of [["SVG", /^<svg.*<style>/s], ["CSV", /"Sunday","00:00","24:00","2"/]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.week .buttons >> text=${name}`)]);
    assert.match(readFileSync(await download.path(), "utf8"), holds);
  }
  // A press on Sunday at eleven tries that hour.
  const sunday = page.locator(".weekmap g").nth(6).locator("rect").last();
  const box = await sunday.boundingBox();
  await page.mouse.click(box.x + box.width * (23 / 24) + 2, box.y + box.height / 2);
  await view(page, "try");
  assert.equal(await page.locator(".moment input[type=time]").inputValue(), "23:00");
  assert.match(await page.locator(".answers").innerText(), /two kinds of proof/);
  assert.deepEqual(complaints, []);
  await close();
});

const RULES = `
rule guard_goes_along when guarded and key.sensitivity is in sensitive_or_critical
  then escort is guard
  because "The guard goes along with a sensitive key."

rule manager_goes_along when guarded and method is in by_booking
  then escort is manager
  because "A manager goes along with a guest."
`;

test("an author adds a rule, meets a conflict, applies the fix, sees the difference, and shares a link that opens the same", async () => {
  const { page, complaints, close } = await open(browser, `${site.page}#example=after_hours`);
  await settled(page);
  await page.click(".file >> text=after_hours.ward");
  await page.selectOption(".looked select", "after_hours.ward");
  // Two edits inside the text, by search and replace as people do it, and two rules at the end.
  const replace = async (from, to) => {
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+f");
    await page.fill(".cm-search [name=search]", from);
    await page.fill(".cm-search [name=replace]", to);
    await page.click(".cm-search [name=replaceAll]");
    await page.keyboard.press("Escape");
  };
  await replace("at_once, after_reason only when access is allowed", 'at_once, after_reason only when access is allowed\\n  answer escort "who goes along" is one of nobody, guard, manager only when access is allowed');
  await replace("normally access is refused", "normally access is refused and escort is nobody");
  await append(page, RULES);
  await page.waitForFunction(() => /KW201/.test(document.querySelector(".problems").innerText));
  assert.match(await page.locator(".problems").innerText(), /guard_goes_along.*manager_goes_along/s);
  assert.match(await page.locator(".problems").innerText(), /KW201/);
  // The conflict's own fix: one becomes the exception of the other.
  await page.locator(".problems .fix").first().click();
  await page.waitForFunction(() => document.querySelector(".problems:not(.stale) .lamp:not(.bad)") !== null);
  await settled(page);
  await view(page, "change");
  await page.waitForFunction(() => /escort/.test(document.querySelector(".panel").innerText));
  assert.match(await page.locator(".panel").innerText(), /after_hours\.escort|escort/);
  await page.click("text=Share");
  await page.waitForFunction(() => location.hash.startsWith("#s=1."));
  const address = page.url();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  assert.ok(address.length <= 32 * 1024 + site.page.length + 10);
  const other = await open(browser, address);
  await settled(other.page);
  assert.equal(await other.page.locator("#tab-change").getAttribute("aria-selected"), "true");
  assert.match(await other.page.locator(".cm-content").innerText(), /keyward.after_hours/);
  // The same policy has the same digest.
  const digest = async (page) => {
    await view(page, "ship");
    return page.locator(".digest").innerText();
  };
  assert.equal(await digest(other.page), await digest(page));
  assert.deepEqual([...complaints, ...other.complaints], []);
  await other.close();
  await close();
});

test("a frontend developer downloads the module and previews a decision in a blank page", async () => {
  const { page, complaints, close } = await open(browser, `${site.page}#example=field_swap`);
  await settled(page);
  await view(page, "ship");
  const [module] = await Promise.all([page.waitForEvent("download"), page.click("text=Download field_swap.wasm")]);
  // The same bytes as the command makes.
  assert.deepEqual(readFileSync(await module.path()), readFileSync(join(ROOT, "../target/keyward/field_swap.wasm")));
  const digest = await page.locator(".digest").innerText();
  await page.getByRole("radio", { name: "Browser" }).check();
  const snippet = await page.locator(".code pre").first().innerText();
  assert.ok(snippet.trim().split("\n").length <= 16, snippet);
  const types = await page.locator(".code pre").last().innerText();
  assert.match(types, /FieldSwap/);
  const runtime = join(ROOT, "../bindings/js/runtime/dist/index.js");
  const blank = await serve({
    "/blank.html": { type: "text/html", body: `<!doctype html><html lang="en"><body></body>${snippet}</html>` },
    "/field_swap.wasm": { type: "application/wasm", body: readFileSync(await module.path()) },
    "/runtime/index.js": { type: "text/javascript", body: readFileSync(runtime) },
  });
  const other = await open(browser, `${blank.origin}/blank.html`);
  await other.page.waitForFunction(() => /: access is (allowed|refused)\./.test(document.body.innerText));
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.deepEqual([...complaints, ...other.complaints.filter((one) => !/favicon|404/.test(one))], []);
  blank.close();
  await other.close();
  await close();
});
