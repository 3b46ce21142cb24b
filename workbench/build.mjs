// Builds the workbench into the web room's static files, weighs it, and fails when it is too heavy.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, "../src/palabre/web/static");
const out = join(web, "workbench");
const BASE = "/static/workbench/";

// Compressed bytes that a phone fetches before its first task, the page and the service worker included.
const BUDGETS = { text: 100_000, image: 200_000 };

await build({ configFile: join(here, "vite.config.ts"), logLevel: "warn" });
const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
const files = new Set(
  Object.values(manifest).flatMap((chunk) => [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]),
);
for (const icon of readdirSync(join(here, "icons"))) {
  cpSync(join(here, "icons", icon), join(out, icon));
  files.add(icon);
}
await serviceWorker([...files].sort());
compress(out);
pico();
weigh();

/** The worker is a script of its own: it names every file that the page needs without a network. */
async function serviceWorker(names) {
  await build({
    configFile: false,
    root: here,
    publicDir: false,
    logLevel: "warn",
    define: {
      __FILES__: JSON.stringify(names.map((name) => BASE + name)),
      __BUILD__: JSON.stringify(fingerprint(names)),
    },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2020",
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(here, "src/worker/sw.ts"),
        output: { format: "iife", entryFileNames: "sw.js" },
      },
    },
  });
}

/** Names have the hash of their content, so the names together say what is in this build. */
function fingerprint(names) {
  let hash = 5381;
  for (const letter of names.join()) hash = (hash * 33 + letter.charCodeAt(0)) >>> 0;
  return hash.toString(16);
}

/** The server sends these instead of compressing each time. */
function compress(folder) {
  for (const name of readdirSync(folder)) {
    if (!/\.(js|css|json|svg|webmanifest)$/.test(name)) continue;
    const content = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, quality));
  }
}

/** Pages take the one style sheet of Pico from here: same lock, same check of its content. */
function pico() {
  const vendor = join(web, "web/vendor");
  rmSync(vendor, { recursive: true, force: true });
  mkdirSync(vendor, { recursive: true });
  const style = readFileSync(join(here, "node_modules/@picocss/pico/css/pico.min.css"), "utf8");
  // Its icons are data: addresses, which the content security policy refuses; the theme has its own.
  writeFileSync(join(vendor, "pico.min.css"), style.replace(/url\("data:[^"]*"\)/g, "none"));
  compress(vendor);
}

function weigh() {
  const shell = closure("src/main.tsx").add("sw.js");
  const tooHeavy = [];
  for (const [modality, budget] of Object.entries(BUDGETS)) {
    const key = Object.keys(manifest).find((name) => name.startsWith(`src/modalities/${modality}/`));
    // A modality without a chunk of its own comes with the shell.
    const all = new Set([...shell, ...(key ? closure(key) : [])]);
    const bytes = [...all].reduce(
      (sum, name) => sum + gzipSync(readFileSync(join(out, name)), { level: 9 }).length,
      0,
    );
    console.log(
      `workbench, ${modality} task: ${(bytes / 1000).toFixed(1)} kB compressed (below ${budget / 1000})`,
    );
    if (bytes >= budget) tooHeavy.push(modality);
  }
  if (tooHeavy.length) {
    console.error(`Too heavy: ${tooHeavy.join(", ")}.`);
    process.exit(1);
  }
}

/** A chunk with all that it imports at once. */
function closure(key, seen = new Set()) {
  const chunk = manifest[key];
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const name of chunk.css ?? []) seen.add(name);
  for (const name of chunk.imports ?? []) closure(name, seen);
  return seen;
}
