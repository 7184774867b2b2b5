// Builds the npm packages. In: the sources, and the modules of the same tree in target/keyward. Out: runtime/dist, compiler/dist, and
// what each file weighs. Refuses to go on when the modules do not agree on the fixed loop, or when a file is too heavy.

import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { execFileSync } from "node:child_process";
import { build } from "esbuild";

const here = import.meta.dirname;
const root = join(here, "../..");
const modules = process.env.KEYWARD_MODULES ?? join(root, "target/keyward");
const dist = join(here, "runtime/dist");

/** Most bytes that a page loads, compressed: to decide, and to do everything else, too. */
const COMPILER = 665_000;
const LIMITS = { "lean.js": 5_300, "index.js": 9_500, "script.js": 9_700 };

// The gate itself finds what is the same in every module.
const loop = new WebAssembly.Module(readFileSync(join(root, "engine/evaluator/loop.wasm")));
const own = functions(readFileSync(join(root, "engine/evaluator/loop.wasm")));
if (WebAssembly.Module.imports(loop).length) throw new Error("the fixed loop has imports");
const scratch = mkdtempSync(join(here, ".build-"));
let digest;
try {
  const file = join(scratch, "gate.mjs");
  await build({ entryPoints: [join(here, "runtime/src/gate.ts")], outfile: file, bundle: true, format: "esm", logLevel: "error" });
  const { gate } = await import(file);
  for (const name of readdirSync(modules).filter((name) => name.endsWith(".wasm"))) {
    const { fixed_: fixed } = gate(new Uint8Array(readFileSync(join(modules, name))), own);
    const found = createHash("sha256").update(fixed).digest("hex");
    if (digest !== undefined && digest !== found) throw new Error(`${name} has another loop than the other modules`);
    digest = found;
  }
} finally {
  rmSync(scratch, { recursive: true });
}
if (digest === undefined) throw new Error(`there are no modules in ${modules}: cargo xtask js makes them`);

rmSync(dist, { recursive: true, force: true });
const shared = {
  bundle: true,
  minify: true,
  target: "es2022",
  logLevel: "warning",
  sourcemap: true,
  // Names of our own that end in an underscore are nobody else's business.
  mangleProps: /[a-z]_$/i,
  define: { LOOP_DIGEST: JSON.stringify(digest), LOOP_FUNCTIONS: String(own) },
};
const source = (name) => join(here, "runtime/src", name);
await build({ ...shared, entryPoints: [source("index.ts")], outfile: join(dist, "index.js"), format: "esm" });
await build({ ...shared, entryPoints: [source("lean.ts")], outfile: join(dist, "lean.js"), format: "esm" });
await build({ ...shared, entryPoints: [source("node.ts")], outfile: join(dist, "node.js"), format: "esm", platform: "node" });
await build({ ...shared, entryPoints: [source("index.ts")], outfile: join(dist, "script.js"), format: "iife", globalName: "Keyward" });
// The compiler: what wasm-bindgen wrote stands in compiler/js/glue.
const compiler = join(here, "compiler/dist");
const glue = join(here, "compiler/js/glue");
rmSync(compiler, { recursive: true, force: true });
for (const [entry, more] of [["index.ts", {}], ["node.ts", { platform: "node" }]]) {
  const outfile = join(compiler, entry.replace(".ts", ".js"));
  const entryPoints = [join(here, "compiler/js", entry)];
  await build({ bundle: true, minify: true, target: "es2022", logLevel: "warning", sourcemap: true, format: "esm", entryPoints, outfile, ...more });
}
copyFileSync(join(glue, "compiler_bg.wasm"), join(compiler, "compiler.wasm"));

for (const project of ["runtime", "compiler"]) {
  execFileSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "--project", join(here, project)], { stdio: "inherit" });
}

// For the tests, and for anybody who wants to know which loop this runtime takes.
writeFileSync(join(dist, "loop.txt"), `LOOP_DIGEST = ${digest}\nLOOP_FUNCTIONS = ${own}\n`);

for (const [name, limit] of Object.entries(LIMITS)) {
  const bytes = readFileSync(join(dist, name));
  const light = gzipSync(bytes, { level: 9 }).length;
  console.log(`runtime/dist/${name}: ${bytes.length} bytes, ${light} in gzip`);
  if (light > limit) {
    console.error(`${name} weighs ${light} bytes in gzip; ${limit} is the limit`);
    process.exitCode = 1;
  }
}

{
  const bytes = readFileSync(join(compiler, "compiler.wasm"));
  const light = brotliCompressSync(bytes).length;
  console.log(`compiler/dist/compiler.wasm: ${bytes.length} bytes, ${light} in brotli`);
  if (light > COMPILER) {
    console.error(`the compiler weighs ${light} bytes in brotli; ${COMPILER} is the limit`);
    process.exitCode = 1;
  }
}

/** How many functions a module has. */
function functions(bytes) {
  let at = 8;
  const number = () => {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return value;
  };
  while (at < bytes.length) {
    const id = bytes[at++];
    const size = number();
    if (id === 3) return number();
    at += size;
  }
  throw new Error("the fixed loop has no functions");
}
