// The built page in Chromium. In: nothing. Out: its files served from a folder in the middle of a site, a page of it, and what it
// complained about. Refuses to reach anything but this machine.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

export const ROOT = join(import.meta.dirname, "../..");
export const DIST = join(ROOT, "dist");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".ward": "text/plain" };

/** Where Chromium is; nothing if it is missing. */
export function browserPath() {
  const wanted = [process.env.KEYWARD_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return wanted.find((path) => path && existsSync(path));
}

/** Serves the page as any host of static files would, under /some/folder/; other files by their address. */
export async function serve(answers = {}, dist = DIST) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname in answers) {
      const { type, body, headers } = answers[pathname];
      response.writeHead(200, { "content-type": type, ...headers });
      response.end(body);
      return;
    }
    const inside = pathname.replace(/^\/some\/folder\//, "");
    const file = join(dist, normalize(decodeURIComponent(inside || "index.html")));
    if (pathname.startsWith("/some/folder/") && file.startsWith(dist) && existsSync(file) && statSync(file).isFile()) {
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      createReadStream(file).pipe(response);
    } else {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  // A test that fails must not keep the others waiting.
  server.unref();
  const origin = `http://localhost:${server.address().port}`;
  return { origin, page: `${origin}/some/folder/`, close: () => (server.close(), server.closeAllConnections()) };
}

/** A browser for all tests of a file. */
export const launch = () =>
  chromium.launch({
    executablePath: browserPath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

/** A page in a context of its own, with what went wrong in it. */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", timezoneId: "Europe/Vienna", serviceWorkers: "block", acceptDownloads: true, ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && !/Service Worker registration blocked/.test(message.text()) && complaints.push(message.text()));
  page.on("dialog", (dialog) => (complaints.push(`dialog: ${dialog.message()}`), void dialog.dismiss()));
  await page.goto(address);
  return { page, context, complaints, close: () => context.close() };
}

/** Waits until the newest text was checked and nothing waits for an answer. */
export async function settled(page) {
  await page.waitForSelector(".problems:not(.stale) .lamp.good, .problems:not(.stale) .lamp.warn, .problems:not(.stale) .lamp.bad", { state: "attached" });
  await page.waitForSelector(".busy:not(.on)", { state: "attached" });
}

/** Shows a view. */
export async function view(page, name) {
  await page.click(`#tab-${name}`);
  await settled(page);
}

/** Writes at the end of the text. */
export async function append(page, text) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(text);
}
