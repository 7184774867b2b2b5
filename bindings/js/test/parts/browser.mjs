// A page in Chromium. In: a folder to serve and what else to answer. Out: a page under a strict content security policy, and
// what it complained about. Refuses to reach anything but this machine.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const TYPES = { ".html": "text/html", ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'";

/** Where Chromium is; nothing if it is missing. */
export function browserPath() {
  const wanted = [process.env.KEYWARD_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return wanted.find((path) => path && existsSync(path));
}

/** Serves a folder on this machine alone. */
export async function serve(root, answers = {}, policy = STRICT) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    response.setHeader("content-security-policy", policy);
    const file = join(root, normalize(decodeURIComponent(pathname)));
    if (pathname in answers) {
      response.setHeader("content-type", "application/json");
      response.end(answers[pathname]);
    } else if (file.startsWith(root) && existsSync(file) && statSync(file).isFile()) {
      response.setHeader("content-type", `${TYPES[extname(file)] ?? "text/plain"}; charset=utf-8`);
      createReadStream(file).pipe(response);
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return { origin: `http://localhost:${server.address().port}`, close: () => server.close() };
}

/** Opens a page and gives it to `use`, with a list of what went wrong in it. */
export async function withPage(address, use) {
  const browser = await chromium.launch({
    executablePath: browserPath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const page = await browser.newPage();
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(address);
    return await use(page, complaints);
  } finally {
    await browser.close();
  }
}
