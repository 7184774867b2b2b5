// How the page is built. In: src, locales, policies. Out: dist, files that work from any folder. Refuses to inline anything:
// the page's own rules forbid it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { defineConfig, type Plugin } from "vite";

/** The worker that keeps the page usable without a network: it has to know every file. */
function offline(): Plugin {
  let out = "";
  return {
    name: "keyward-offline",
    apply: "build",
    configResolved: (config) => void (out = join(config.root, config.build.outDir)),
    closeBundle() {
      const files = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile() && !file.name.endsWith(".map") && file.name !== "offline.js")
        .map((file) => join(file.parentPath, file.name).slice(out.length + 1))
        .sort();
      const digest = createHash("sha256");
      for (const file of files) digest.update(file).update(readFileSync(join(out, file)));
      const text = readFileSync(join(import.meta.dirname, "public/offline.js"), "utf8");
      const filled = text
        .replace("/* FILES */ []", JSON.stringify(files))
        .replace('/* VERSION */ ""', JSON.stringify(digest.digest("hex").slice(0, 16)));
      writeFileSync(join(out, "offline.js"), filled);
    },
  };
}

const strict = { "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin" };

export default defineConfig({
  base: "./",
  plugins: [offline()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      // The page, and the element for pages of others under a name that stays.
      input: { index: "index.html", "keyward-policy": "src/element.tsx" },
      output: { entryFileNames: ({ name }) => (name === "keyward-policy" ? "[name].js" : "assets/[name]-[hash].js") },
    },
  },
  worker: { format: "es" },
  // Only the files of this repository may be served while developing: the policies and the compiler stand beside the page.
  server: { fs: { allow: [".."] } },
  preview: { headers: strict },
});
