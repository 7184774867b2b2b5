// Measures the page in Chromium. In: the built page, perhaps minutes of editing. Out: figures beside the goals they belong to. Times
// are medians of many keystrokes on this machine; sizes are exact. Refuses to fail: a missed goal is printed.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { DIST, launch, open, serve, settled, view } from "./test/parts/page.mjs";

const minutes = Number(process.argv[2] ?? 0);
const browser = await launch();
const site = await serve();
const line = (what, value, goal) => console.log(`${what.padEnd(62)} ${String(value).padStart(12)}${goal ? `   goal ${goal}` : ""}`);
const median = (all) => [...all].sort((one, other) => one - other)[all.length >> 1];
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

// ---- what is loaded

{
  const { page, close } = await open(browser, "about:blank");
  const paths = new Set();
  page.on("request", (request) => paths.add(new URL(request.url()).pathname));
  await page.goto(`${site.page}#example=after_hours`);
  await settled(page);
  let [all, compiler] = [0, 0];
  for (const path of paths) {
    if (!path.startsWith("/some/folder/")) continue;
    const bytes = brotli(readFileSync(join(DIST, path.slice("/some/folder/".length) || "index.html")));
    all += bytes;
    if (path.endsWith(".wasm")) compiler += bytes;
  }
  line("first load over the wire, brotli", `${(all / 1000).toFixed(0)} kB`, "450 kB");
  line("  of it the compiler, which the text does not wait for", `${(compiler / 1000).toFixed(0)} kB`);
  await close();
}

// ---- until it can be used

{
  const [text, answer] = [[], []];
  for (let round = 0; round < 5; round++) {
    const { page, close } = await open(browser, "about:blank");
    await page.goto(`${site.page}#example=after_hours`);
    await page.waitForSelector(".cm-line");
    text.push(await page.evaluate(() => performance.now()));
    await page.waitForSelector(".answers dl");
    answer.push(await page.evaluate(() => performance.now()));
    await close();
  }
  line("until the text can be edited", `${median(text).toFixed(0)} ms`, "1500 ms");
  line("until the policy is compiled and a request decided", `${median(answer).toFixed(0)} ms`, "1500 ms");
}

// ---- keystrokes

/** Types, and hears when what is known. */
async function typing(page, keys, awaited) {
  await page.evaluate(() => {
    globalThis.heard = [];
    globalThis.tasks = [];
    document.addEventListener("keyward-known", ({ detail }) => globalThis.heard.push(detail));
    new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] });
  });
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  const took = [];
  for (const key of keys) {
    await page.evaluate(() => (globalThis.heard.length = 0));
    await page.keyboard.type(key);
    await page.waitForFunction((awaited) => awaited.every((what) => globalThis.heard.some((one) => one.what === what)), awaited, { polling: 5 });
    took.push(await page.evaluate(() => Object.fromEntries(globalThis.heard.map(({ what, took }) => [what, took]))));
  }
  return { took, longest: await page.evaluate(() => Math.max(0, ...globalThis.tasks)) };
}

const COMMENT = "\n# words";

{
  const { page, close } = await open(browser, `${site.page}#example=after_hours`);
  await settled(page);
  await page.click(".file >> text=after_hours.ward");
  await page.selectOption(".looked select", "after_hours.ward");
  await settled(page);
  for (const [name, awaited] of [["try", ["why"]], ["table", ["table"]], ["diagram", ["draw"]], ["shares", ["shares"]], ["change", ["diff"]], ["ship", ["module"]]]) {
    await view(page, name);
    const { took, longest } = await typing(page, COMMENT, ["check", ...awaited]);
    if (name === "try") line("after_hours: keystroke to problems", `${median(took.map((one) => one.check)).toFixed(0)} ms`, "50 ms");
    line(`  to the view ${name}`, `${median(took.map((one) => one[awaited[0]])).toFixed(0)} ms`, "150 ms");
    line("    longest task of the page meanwhile", `${longest.toFixed(0)} ms`, "50 ms");
  }
  await close();
}

{
  const rules = Array.from({ length: 1000 }, (_, number) => `rule r${number}\n  when key.number is ${number} and person.level is at least ${number % 9}\n  then access is allowed\n  because "Key ${number} may be taken."\n`);
  const text = `edition 2026\npolicy big.keys version 1 "A thousand rules"\n\ninput key.number is a number from 0 to 999\ninput person.level is a number from 0 to 9\n\ndecision d "?"\n  answer access is the strictest of refused, allowed\n\nif unsure access is allowed\n\nnormally access is refused\n  because "No."\n\n${rules.join("\n")}`;
  const { page, close } = await open(browser, `${site.page}#example=office`);
  await settled(page);
  await page.setInputFiles("header input[type=file]", { name: "big.ward", mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.waitForFunction(() => /big.ward/.test(document.querySelector(".file.on").innerText));
  await settled(page);
  const { took, longest } = await typing(page, "\n# w", ["check", "why"]);
  line("1,000 rules: keystroke to problems", `${median(took.map((one) => one.check)).toFixed(0)} ms`, "500 ms");
  line("  to the view try", `${median(took.map((one) => one.why)).toFixed(0)} ms`, "500 ms");
  line("  longest task of the page meanwhile", `${longest.toFixed(0)} ms`, "50 ms");
  await close();
}

// ---- memory

/** The memory of the largest process of the browser: the page's, with its worker. */
function resident() {
  const all = execFileSync("ps", ["-eo", "rss=,args="], { encoding: "utf8" }).split("\n").filter((one) => /--type=renderer/.test(one));
  return Math.max(0, ...all.map((one) => Number.parseInt(one, 10))) / 1000;
}

if (minutes > 0) {
  const { page, context, close } = await open(browser, `${site.page}#example=after_hours`);
  await settled(page);
  const session = await context.newCDPSession(page);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize / 1e6;
  };
  const edits = async (until) => {
    let count = 0;
    while (Date.now() < until) {
      await page.locator(".cm-content").click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type("\n# a thought");
      await page.keyboard.press("Control+z");
      for (const name of ["table", "week", "change", "try"]) await page.click(`#tab-${name}`);
      count++;
    }
    await settled(page);
    return count;
  };
  await edits(Date.now() + 20_000);
  const [before, whole] = [await heap(), resident()];
  const count = await edits(Date.now() + minutes * 60_000);
  line(`memory of the page after ${minutes} minutes, ${count} rounds of edits`, `${((await heap()) - before).toFixed(1)} MB more`, "20 MB");
  line("  of its process, with the compiler in it", `${(resident() - whole).toFixed(1)} MB more`);
  await close();
}

await browser.close();
site.close();
