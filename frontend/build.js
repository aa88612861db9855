// Bundles the browser code: frontend/src → frontend/dist. `--watch` builds again on every change.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const src = join(root, "frontend", "src");
const dist = join(root, "frontend", "dist");
const icons = join(root, "node_modules", "bootstrap-icons", "icons");
const SKIP = new Set(["node_modules", "dist", "data", "staticfiles", "migrations", "__pycache__", "tests", "docs"]);
const SHARED = { bundle: true, minify: true, legalComments: "none", logLevel: "warning", target: "es2022" };

async function scripts() {
  const pages = readdirSync(join(src, "pages")).filter((name) => name.endsWith(".js"));
  const { metafile } = await esbuild.build({
    ...SHARED,
    metafile: true,
    entryPoints: ["main.js", ...pages.map((name) => `pages/${name}`)].map((name) => join(src, name)),
    outdir: dist,
    outbase: src,
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
  });
  // Runs before the first paint, so it is neither a module nor deferred.
  await esbuild.build({ ...SHARED, entryPoints: [join(src, "theme.js")], outdir: dist, format: "iife" });
  return new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
}

async function styles() {
  const folder = join(src, "styles");
  const rooms = readdirSync(join(folder, "rooms")).filter((name) => name.endsWith(".scss")).sort();
  const text = ["main", ...rooms.map((name) => `rooms/${name.replace(".scss", "")}`), "small"].map((name) => `@import "${name}";`).join("\n");
  const { css } = sass.compileString(text, {
    loadPaths: [folder, join(root, "node_modules")],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions"],
  });
  await esbuild.build({
    ...SHARED,
    stdin: { contents: css, loader: "css", resolveDir: folder, sourcefile: "main.css" },
    outfile: join(dist, "main.css"),
    loader: { ".woff2": "file" },
    assetNames: "fonts/[name]-[hash]",
  });
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || SKIP.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(html|py|js)$/.test(entry.name)) yield path;
  }
}

// The sprite holds every icon whose name is written in quotes somewhere in templates, Python or scripts.
function sprite() {
  const names = new Set();
  for (const path of sources(root))
    for (const [, name] of readFileSync(path, "utf8").matchAll(/["']([a-z0-9]+(?:-[a-z0-9]+)*)["']/g))
      if (!names.has(name) && existsSync(join(icons, `${name}.svg`))) names.add(name);
  const symbols = [...names].sort().map((name) => {
    const svg = readFileSync(join(icons, `${name}.svg`), "utf8");
    return `<symbol id="${name}" viewBox="0 0 16 16">${svg.replace(/^[^>]*>/, "").replace(/<\/svg>\s*$/, "").trim()}</symbol>`;
  });
  writeFileSync(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

async function build() {
  const started = performance.now();
  mkdirSync(dist, { recursive: true });
  const [kept] = await Promise.all([scripts(), styles()]);
  for (const name of readdirSync(join(dist, "chunks"))) if (!kept.has(name)) rmSync(join(dist, "chunks", name), { force: true });
  sprite();
  copyFileSync(join(src, "favicon.svg"), join(dist, "favicon.svg"));
  copyFileSync(join(src, "styles", "admin.css"), join(dist, "admin.css"));
  console.log(`Bundled the browser code in ${((performance.now() - started) / 1000).toFixed(1)} s → ${relative(root, dist)}`);
}

await build();
if (process.argv.includes("--watch")) {
  let timer;
  watch(src, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((error) => console.error(error.message)), 80);
  });
}
