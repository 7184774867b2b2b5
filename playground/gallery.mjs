// Pictures of every view in both themes, for README.md. In: the built page. Out: gallery/*.png. Refuses to touch up: what is
// shown is what the page shows.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { launch, open, ROOT, serve, settled, view } from "./test/parts/page.mjs";

const out = join(ROOT, "gallery");
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const browser = await launch();
const site = await serve();

/** What is done in a view before its picture is taken. */
const BEFORE = {
  try: (page) => page.click(".because .link"),
  table: async (page) => {
    await page.getByRole("radio", { name: "Read from the top" }).check();
    await settled(page);
    await page.click(".decision tbody tr:nth-child(3) .cell");
  },
  week: async (page) => {
    await page.selectOption(".looking select", "after_hours.kinds");
    await page.waitForFunction(() => /Dec 2026/.test(document.querySelector(".week").innerText));
  },
  diagram: async (page) => {
    await page.fill(".looking input", "person.suspended is no and box.link is online");
    await page.keyboard.press("Enter");
    await settled(page);
  },
  change: async (page) => {
    await page.click(".file >> text=after_hours.ward");
    await page.evaluate(() => {
      const content = document.querySelector(".editor").shadowRoot.querySelector(".cm-content");
      const shown = (content.cmTile ?? content.cmView).view;
      const text = shown.state.doc.toString();
      const from = text.indexOf("and kinds is 2 and approvers is 0");
      shown.dispatch({ changes: { from, to: from + "and kinds is 2".length, insert: "and kinds is 3" } });
    });
    await settled(page);
    await page.waitForFunction(() => /kinds/.test(document.querySelector(".panel").innerText));
  },
};

for (const theme of ["light", "dark"]) {
  for (const name of ["try", "table", "week", "diagram", "shares", "change", "proof", "ship", "tour"]) {
    const { page, close } = await open(browser, `${site.page}#example=after_hours`, { viewport: { width: 1280, height: 800 }, colorScheme: theme });
    await settled(page);
    await view(page, name);
    await BEFORE[name]?.(page);
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(out, `${name}-${theme}.png`) });
    await close();
  }
}
{
  const { page, close } = await open(browser, `${site.page}#example=after_hours&view=week`, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1 });
  await settled(page);
  await page.click("#tab-week");
  await page.selectOption(".looking select", "after_hours.kinds");
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(out, "phone.png") });
  await close();
}
await browser.close();
site.close();
