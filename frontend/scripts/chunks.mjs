// Turns the parts of a split program into few optimised chunks, named by their content.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { groupParts } from "./grouping.mjs";
import { loaderScript } from "./chunk_loader.mjs";
import { minify, shrinkMain } from "./shrink_main.mjs";
import { stripModule } from "./wasm_sections.mjs";

/** The script of the splitter, and the module that the parts import from. */
const SPLITTER_SCRIPT = "__wasm_split.js";
const SPLITTER_MODULE = "__wasm_split";
const MAIN = "frontend";
/** The chunk that every page of somebody who is signed in needs. */
const FRAME = "Frame";
/** Pages without the frame. */
const EARLY = new Set(["RegisterPage", "SetupPage", "NewPasswordPage", "SecondFactorPage"]);
/** Parts of pages, with the pages that they are opened from. */
const PARTS = new Map([
  ["AssignDialog", ["JobPage"]],
  ["CompleteDialog", ["JobPage"]],
  ["ImportSteps", ["ImportCustomersPage", "ImportItemsPage"]],
]);
/** A file for at least so many pages is loaded after the first page, before somebody needs it. */
const COMMON_FROM_PAGES = 4;

/** Runs a program of Binaryen. They are WebAssembly themselves and finish before optimising them would pay off. */
const run = (program, args) =>
  promisify(execFile)(process.execPath, ["--liftoff-only", join(process.env.ISP_BINARYEN, program), ...args], {
    maxBuffer: 2 ** 30,
  });

/**
 * Adds the chunks to a build: `staging` contains the main module as Trunk made it, `chunks` the parts that were split
 * from it, `html` is the source of the start page. Returns the file names that each page loads, and those that are
 * loaded in the background.
 */
export async function addChunks(staging, chunks, html) {
  const options = readFileSync(html, "utf8").match(/data-wasm-opt-params="([^"]*)"/)[1].split(/\s+/);
  const work = join(chunks, "work");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);

  const { parts, pages } = readParts(chunks, work);
  const shared = await readSharedImports(parts);
  const stub = await writeStub(shared, work, options);
  const groups = groupParts(parts);
  const files = await runInParallel(groups, (group, at) => mergeGroup(group, stub, work, at, options));
  for (const { name, content } of files) writeFileSync(join(staging, name), content);
  const names = files.map(({ name }) => name);
  const placesOf = (page) => groups.flatMap((group, at) => (group.pages.has(page) ? [at] : []));
  const places = new Map(pages.map((page) => [page, placesOf(page)]));
  const isCommon = ({ pages: users, size }) => !users.has(FRAME) && size >= COMMON_FROM_PAGES;
  const common = groups.flatMap((group, at) => (isCommon(group) ? [at] : []));
  const loader = loaderScript({ shared: [...shared.keys()], files: names, pages: places, common, early: EARLY });
  await nameBuild(staging, await minify(loader));
  return {
    pages: new Map([...places].map(([page, own]) => [page, own.map((place) => names[place])])),
    common: common.map((place) => names[place]),
    partOf: PARTS,
  };
}

/** Returns the pages whose loading a part makes longer: what frame or page have loaded is there for what comes then. */
function payersOf(users) {
  if (users.has(FRAME)) return new Set([FRAME, ...EARLY].filter((page) => users.has(page)));
  const isThere = (page) => PARTS.get(page)?.every((opener) => users.has(opener)) ?? false;
  return new Set([...users].filter((page) => !isThere(page)));
}

/** Reads the parts, and from the splitter's script which pages need each of them. */
function readParts(chunks, work) {
  const script = readFileSync(join(chunks, SPLITTER_SCRIPT), "utf8");
  const pages = [...script.matchAll(/^export const __wasm_split_load_(\w+) =/gm)].map(([, page]) => page);
  const missing = [FRAME, ...EARLY, ...PARTS.keys()].filter((page) => !pages.includes(page));
  if (missing.length > 0) throw new Error(`there is no page ${missing.join(", ")}`);
  const own = pages.map((page) => [page, `split_${page}.wasm`, [page]]);
  const common = script.matchAll(/^\/\* (.*) \*\/\nconst __chunk_\d+ = makeLoad\(.*\n.*"\.\/(chunk_\d+\.wasm)"/gm);
  const named = [...own, ...[...common].map(([, users, file]) => [undefined, file, users.split(", ")])];
  const there = new Set(readdirSync(chunks).filter((name) => /^(split|chunk)_.*\.wasm$/.test(name)));
  const parts = named
    .filter(([, file]) => there.delete(file))
    .map(([page, file, users]) => {
      const content = stripModule(readFileSync(join(chunks, file)));
      const path = join(work, file);
      writeFileSync(path, content);
      const imports = WebAssembly.Module.imports(new WebAssembly.Module(content)).map(({ name }) => name);
      const needing = new Set(users);
      return { page, path, imports, pages: needing, payers: payersOf(needing), weight: content.length };
    });
  if (there.size > 0) throw new Error(`${SPLITTER_SCRIPT} does not name ${[...there].join(", ")}`);
  return { parts, pages };
}

/** Returns what the parts import from the main module: name and type of each, as text. */
async function readSharedImports(parts) {
  const shared = new Map();
  for (const part of [...parts].sort((a, b) => a.weight - b.weight)) {
    if (part.imports.every((name) => shared.has(name))) continue;
    const { stdout } = await run("wasm-dis", [part.path]);
    const imports = stdout.matchAll(/^ \(import "(\w+)" "(\w+)" \((memory|table|global) \S+ (.*)\)\)$/gm);
    for (const [, module, name, kind, type] of imports) {
      if (module === SPLITTER_MODULE) shared.set(name, { kind, type });
    }
    const unknown = part.imports.filter((name) => !shared.has(name));
    if (unknown.length > 0) throw new Error(`${part.path} imports ${unknown.join(", ")}`);
  }
  return shared;
}

/** Writes a module that re-exports the shared imports. Merged with it, several parts import each of them once. */
async function writeStub(shared, work, options) {
  const entries = [...shared.entries()].map(([name, { kind, type }], at) => [
    `(import "main" "${name}" (${kind} $${at} ${type}))`,
    `(export "${name}" (${kind} $${at}))`,
  ]);
  // In the text format every import stands before every export.
  const lines = [0, 1].flatMap((half) => entries.map((entry) => entry[half]));
  const text = join(work, "stub.wat");
  writeFileSync(text, `(module ${lines.join("\n")})\n`);
  const stub = join(work, "stub.wasm");
  await run("wasm-as", [...features(options), text, "-o", stub]);
  return stub;
}

/** Merges and optimises the parts of a group; returns name and content of the file. */
async function mergeGroup(group, stub, work, at, options) {
  const [merged, small] = [join(work, `${at}-merged.wasm`), join(work, `${at}.wasm`)];
  const inputs = group.parts.flatMap(({ path }, part) => [path, `part${part}`]);
  await run("wasm-merge", [...features(options), stub, SPLITTER_MODULE, ...inputs, "-o", merged]);
  await run("wasm-opt", ["-Os", ...options, merged, "-o", small]);
  const content = readFileSync(small);
  const own = group.parts.flatMap(({ page }) => (page ? [page.toLowerCase()] : []));
  return { name: `${own.join("-") || "shared"}-${hash(content)}.wasm`, content };
}

/**
 * Names the files by a hash. Main module and loader name each other, so they share one hash of everything: files of
 * two builds cannot be mixed.
 */
async function nameBuild(staging, loader) {
  const main = readdirSync(staging).find((name) => /^frontend-[0-9a-f]+\.js$/.test(name));
  const trunkName = basename(main, ".js");
  const [js, module] = [join(staging, main), join(staging, `${trunkName}_bg.wasm`)];
  const { wasm, script } = await shrinkMain(readFileSync(module), readFileSync(js, "utf8"));
  const build = hash(script, wasm, loader);
  const [named, loaderName] = [`${MAIN}-${build}`, `chunks-${build}.js`];

  writeFileSync(join(staging, loaderName), replaceRequired(loader, `./${MAIN}.js`, `./${named}.js`));
  // Only in the import: inside the program the module keeps the splitter's name.
  const from = (name) => `from"./${name}"`;
  writeFileSync(join(staging, `${named}.js`), replaceRequired(script, from(SPLITTER_SCRIPT), from(loaderName)));
  writeFileSync(join(staging, `${named}_bg.wasm`), wasm);
  rmSync(js);
  rmSync(module);

  const index = join(staging, "index.html");
  const page = replaceRequired(readFileSync(index, "utf8"), trunkName, named);
  const link = page.match(/<link rel="?modulepreload"?[^>]*>/)?.[0];
  if (!link) throw new Error("the start page names no module");
  writeFileSync(index, page.replace(link, link + link.replace(`${named}.js`, loaderName)));
}

/** Returns the feature flags of wasm-opt, which the other programs of Binaryen need too. */
function features(options) {
  return options.filter((option) => option.startsWith("--enable-"));
}

function replaceRequired(text, from, to) {
  if (!text.includes(from)) throw new Error(`${from} is not where it should be`);
  return text.replaceAll(from, to);
}

/** 16 hexadecimal digits; the server recognises immutable files by them. */
function hash(...contents) {
  const digest = createHash("sha256");
  for (const content of contents) digest.update(content);
  return digest.digest("hex").slice(0, 16);
}

async function runInParallel(items, work) {
  const results = [];
  const waiting = [...items.keys()];
  const worker = async () => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) results[at] = await work(items[at], at);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
