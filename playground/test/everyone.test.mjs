// For everyone: no view breaks a rule of accessibility in any theme, everything works by keyboard, on a phone, and in a second
// language. B6 looks at what is hostile; this looks at people.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, open, serve, settled, view } from "./parts/page.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = ["try", "table", "week", "diagram", "shares", "change", "proof", "ship", "tour"];

let [browser, site] = [];
before(async () => void ([browser, site] = [await launch(), await serve()]));
after(async () => {
  await browser.close();
  site.close();
});

/** What axe finds; its text is run by the test, not by the page. */
async function violations(page) {
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.flat().join(" ")} ${node.failureSummary.split("\n")[1] ?? ""}`).slice(0, 3).join(" | ")}`);
}

for (const theme of ["light", "dark", "contrast"]) {
  test(`axe finds nothing in any view, ${theme}`, async () => {
    const { page, complaints, close } = await open(browser, `${site.page}#example=office`, { bypassCSP: true });
    await page.addScriptTag({ content: AXE });
    await settled(page);
    await page.selectOption("header .choices select", theme);
    const found = {};
    for (const name of VIEWS) {
      await view(page, name);
      const here = await violations(page);
      if (here.length) found[name] = here;
    }
    assert.deepEqual(found, {});
    // With problems in the list, a fix among them, and a window open.
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText("\nrule loose\n  when person.job is gard\n  then access is allowed\n  because \"x\"\n");
    await page.waitForSelector(".problems .fix");
    assert.deepEqual(await violations(page), [], `problems, ${theme}`);
    await page.click(".files .plus");
    assert.deepEqual(await violations(page), [], `window, ${theme}`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("axe notices a planted fault", async () => {
  const { page, close } = await open(browser, `${site.page}#example=office`, { bypassCSP: true });
  await page.addScriptTag({ content: AXE });
  await settled(page);
  await page.evaluate(() => document.querySelector(".panel").append(document.createElement("input")));
  assert.match((await violations(page)).join(), /label/);
  await close();
});

test("by keyboard alone: through the views, into the text, out of it, and a form is filled in", async () => {
  const { page, close } = await open(browser, `${site.page}#example=office`);
  await settled(page);
  await page.keyboard.press("Alt+3");
  await page.locator('#tab-week[aria-selected="true"]').waitFor();
  await page.keyboard.press("ArrowRight");
  await page.locator('#tab-diagram[aria-selected="true"]').waitFor();
  await page.keyboard.press("F6");
  await page.keyboard.type("# ");
  assert.match(await page.locator(".cm-content").innerText(), /^# edition/);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.classList.contains("editor")), false, "Escape and Tab lead out");
  await page.keyboard.press("Alt+1");
  await settled(page);
  await page.locator(".field select").first().focus();
  await page.keyboard.type("visitor");
  await page.waitForFunction(() => /Access\s+refused/.test(document.querySelector(".answers").innerText));
  await close();
});

test("on a phone the text and every view fit the width", async () => {
  const { page, close } = await open(browser, `${site.page}#example=after_hours`, { viewport: { width: 360, height: 740 }, hasTouch: true });
  await settled(page);
  for (const name of VIEWS) {
    await view(page, name);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `${name} is ${wide} wide`);
    assert.ok(await page.locator(".panel").isVisible());
  }
  await page.click(".to-text");
  assert.ok(await page.locator(".cm-content").isVisible());
  await close();
});

test("in German nothing of the interface stays English", async () => {
  const { page, complaints, close } = await open(browser, `${site.page}#example=office`, { locale: "de-AT" });
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  for (const name of VIEWS) {
    await view(page, name);
    assert.doesNotMatch(await page.locator("header, .tabs").allInnerTexts().then((all) => all.join()), /Try it|Share|Export|Proof/);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test("what was being written is there after a reload, with its undo", async () => {
  const { page, close } = await open(browser, `${site.page}#example=office`);
  await settled(page);
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("\n# a thought\n");
  await settled(page);
  await page.waitForTimeout(900);
  await page.goto(site.page);
  await settled(page);
  const all = () => page.evaluate(() => [...document.querySelector(".editor").shadowRoot.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  assert.match(await all(), /# a thought/);
  await page.keyboard.press("Control+z");
  assert.doesNotMatch(await all(), /# a thought/);
  // Another example takes its place, and it can be brought back.
  await page.locator("header select").first().selectOption("field_swap");
  await settled(page);
  await page.click("text=Bring it back");
  await settled(page);
  assert.equal((await page.locator(".file.on").innerText()).trim(), "office.ward");
  await close();
});

test("all files leave as an archive and come back from it", async () => {
  const { page, complaints, close } = await open(browser, `${site.page}#example=field_swap`);
  await settled(page);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Export")]);
  const shown = (name) => page.waitForFunction((name) => document.querySelector(".looked select").value === name, name);
  await page.locator("header select").first().selectOption("office");
  await shown("office.ward");
  await page.setInputFiles("header input[type=file]", { name: "keyward.zip", mimeType: "application/zip", buffer: readFileSync(await download.path()) });
  await shown("field_swap.ward");
  await settled(page);
  await page.waitForSelector(".lamp.good");
  await page.setInputFiles("header input[type=file]", { name: "bad.zip", mimeType: "application/zip", buffer: Buffer.from("PK no archive") });
  await page.waitForFunction(() => /cannot be read/.test(document.querySelector(".notice").innerText));
  assert.deepEqual(complaints, []);
  await close();
});

test("after the first visit the page works without a network", async () => {
  const { page, context, close } = await open(browser, `${site.page}#example=office`, { serviceWorkers: "allow" });
  await settled(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => (await caches.keys()).some((name) => name.startsWith("keyward-")));
  await page.reload();
  await settled(page);
  await context.setOffline(true);
  await page.reload();
  await settled(page);
  await view(page, "ship");
  assert.match(await page.locator(".digest").innerText(), /^[0-9a-f]{64}$/);
  await close();
});

test("a decision log that is dropped onto the page is decided again", async () => {
  const { page, close } = await open(browser, `${site.page}#example=field_swap`);
  await settled(page);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["{\"no\": \"log\"}\n"], "decisions.jsonl"));
    document.querySelector(".page").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.waitForFunction(() => /line 1/.test(document.querySelector(".drop").innerText));
  await close();
});

test("the tour is walked through with real edits, and every step ticks itself", async () => {
  const { page, complaints, close } = await open(browser, `${site.page}#example=office&view=tour`);
  await settled(page);
  await page.click(".tour .primary");
  await settled(page);
  for (let step = 0; step < 7; step++) {
    await page.waitForFunction((step) => document.querySelector(".step")?.innerText.startsWith(`${step + 1}/7`), step);
    await page.click(".step .primary");
    await page.waitForFunction((step) => !document.querySelector(".step")?.innerText.startsWith(`${step + 1}/7`), step);
  }
  assert.match(await page.locator(".step").innerText(), /That was it/);
  assert.deepEqual(complaints, []);
  await close();
});

test("completion offers what fits, hover tells, a name is renamed everywhere, a definition is found", async () => {
  const { page, complaints, close } = await open(browser, `${site.page}#example=field_swap`);
  await settled(page);
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\nrule x\n  when key.custody is ");
  await page.keyboard.press("Control+Space");
  await page.waitForSelector(".cm-tooltip-autocomplete");
  assert.match(await page.locator(".cm-tooltip-autocomplete").innerText(), /held/);
  await page.keyboard.press("Escape");
  for (let times = 0; times < 30; times++) await page.keyboard.press("Control+z");
  await settled(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+f");
  await page.keyboard.type("code_wanted");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("F12");
  await page.keyboard.press("F2");
  await page.fill("dialog[open] input", "code_is_wanted");
  await page.keyboard.press("Enter");
  await settled(page);
  await page.waitForSelector(".lamp.good");
  assert.match(await page.locator(".cm-content").innerText(), /code_is_wanted/);
  await page.locator(".cm-line span", { hasText: /^code_is_wanted$/ }).first().hover();
  await page.waitForSelector(".kw-hover");
  assert.match(await page.locator(".kw-hover").innerText(), /term code_is_wanted[\s\S]*holds for .*%[\s\S]*used/);
  assert.deepEqual(complaints, []);
  await close();
});
