// Puts the pieces of a split program beside its main part: few files, made small and named by their content.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { grouped } from "./grouping.mjs";
import { loader } from "./loader.mjs";
import { lean } from "./wasm.mjs";

/** What the splitter calls its own script, and the module that the pieces import from. */
const SPLITTERS_LOADER = "__wasm_split.js";
const SPLITTERS_MODULE = "__wasm_split";
const MAIN = "frontend";

/** Runs a program of binaryen. They are WebAssembly themselves, and done long before it pays to optimise them. */
const run = (program, args) =>
  promisify(execFile)(process.execPath, ["--liftoff-only", join(process.env.ISP_BINARYEN, program), ...args], {
    maxBuffer: 2 ** 30,
  });

/**
 * `staging` has the main part as Trunk made it, `pieces` what was split from it, `html` the source of the start page.
 * Gives the names of the files that each page loads.
 */
export async function addPieces(staging, pieces, html) {
  const options = readFileSync(html, "utf8").match(/data-wasm-opt-params="([^"]*)"/)[1].split(/\s+/);
  const work = join(pieces, "work");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);

  const { parts, pages } = partsOf(pieces, work);
  const shared = await sharedOf(parts);
  const stub = await makeStub(shared, work, options);
  const groups = grouped(parts);
  const files = await inParallel(groups, (group, at) => makeFile(group, stub, work, at, options));
  for (const { name, content } of files) writeFileSync(join(staging, name), content);
  const names = files.map(({ name }) => name);
  const placesOf = (page) => groups.flatMap((group, at) => (group.pages.has(page) ? [at] : []));
  const places = new Map(pages.map((page) => [page, placesOf(page)]));
  nameBuild(staging, loader([...shared.keys()], names, places));
  return new Map([...places].map(([page, own]) => [page, own.map((place) => names[place])]));
}

/** What the splitter made: each part with the pages that need it, as its script says. */
function partsOf(pieces, work) {
  const script = readFileSync(join(pieces, SPLITTERS_LOADER), "utf8");
  const pages = [...script.matchAll(/^export const __wasm_split_load_(\w+) =/gm)].map(([, page]) => page);
  const own = pages.map((page) => [page, `split_${page}.wasm`, [page]]);
  const common = script.matchAll(/^\/\* (.*) \*\/\nconst __chunk_\d+ = makeLoad\(.*\n.*"\.\/(chunk_\d+\.wasm)"/gm);
  const named = [...own, ...[...common].map(([, users, file]) => [undefined, file, users.split(", ")])];
  const there = new Set(readdirSync(pieces).filter((name) => /^(split|chunk)_.*\.wasm$/.test(name)));
  const parts = named
    .filter(([, file]) => there.delete(file))
    .map(([page, file, users]) => {
      const content = lean(readFileSync(join(pieces, file)));
      const path = join(work, file);
      writeFileSync(path, content);
      const imports = WebAssembly.Module.imports(new WebAssembly.Module(content)).map(({ name }) => name);
      return { page, path, imports, pages: new Set(users), weight: content.length };
    });
  if (there.size > 0) throw new Error(`${SPLITTERS_LOADER} does not name ${[...there].join(", ")}`);
  return { parts, pages };
}

/** What the parts use of the main part: name and type of each, as text. */
async function sharedOf(parts) {
  const shared = new Map();
  for (const part of [...parts].sort((a, b) => a.weight - b.weight)) {
    if (part.imports.every((name) => shared.has(name))) continue;
    const { stdout } = await run("wasm-dis", [part.path]);
    const imports = stdout.matchAll(/^ \(import "(\w+)" "(\w+)" \((memory|table|global) \S+ (.*)\)\)$/gm);
    for (const [, module, name, kind, type] of imports) {
      if (module === SPLITTERS_MODULE) shared.set(name, { kind, type });
    }
    const unknown = part.imports.filter((name) => !shared.has(name));
    if (unknown.length > 0) throw new Error(`${part.path} imports ${unknown.join(", ")}`);
  }
  return shared;
}

/** A module that only hands on what the parts share: merged with them, they import it once and not each for itself. */
async function makeStub(shared, work, options) {
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

/** One file of the parts of a group: name and content. */
async function makeFile(group, stub, work, at, options) {
  const [merged, small] = [join(work, `${at}-merged.wasm`), join(work, `${at}.wasm`)];
  const inputs = group.parts.flatMap(({ path }, part) => [path, `part${part}`]);
  await run("wasm-merge", [...features(options), stub, SPLITTERS_MODULE, ...inputs, "-o", merged]);
  await run("wasm-opt", ["-Oz", ...options, merged, "-o", small]);
  const content = readFileSync(small);
  const own = group.parts.flatMap(({ page }) => (page ? [page.toLowerCase()] : []));
  return { name: `${own.join("-") || "shared"}-${hash(content)}.wasm`, content };
}

/**
 * Names everything by a hash. Main part and loader name each other, so they share one hash of all there is: files of
 * two builds never meet.
 */
function nameBuild(staging, script) {
  const main = readdirSync(staging).find((name) => /^frontend-[0-9a-f]+\.js$/.test(name));
  const trunks = basename(main, ".js");
  const [js, wasm] = [join(staging, main), join(staging, `${trunks}_bg.wasm`)];
  const build = hash(readFileSync(js), readFileSync(wasm), script);
  const [named, loaderName] = [`${MAIN}-${build}`, `pieces-${build}.js`];

  writeFileSync(join(staging, loaderName), replaced(script, `./${MAIN}.js`, `./${named}.js`));
  // Only where it is imported: in the program the module keeps the splitter's name.
  const from = (name) => `from "./${name}"`;
  writeFileSync(js, replaced(readFileSync(js, "utf8"), from(SPLITTERS_LOADER), from(loaderName)));
  renameSync(js, join(staging, `${named}.js`));
  renameSync(wasm, join(staging, `${named}_bg.wasm`));

  const index = join(staging, "index.html");
  const page = replaced(readFileSync(index, "utf8"), trunks, named);
  const link = page.match(/<link rel="?modulepreload"?[^>]*>/)?.[0];
  if (!link) throw new Error("the start page names no module");
  writeFileSync(index, page.replace(link, link + link.replace(`${named}.js`, loaderName)));
}

/** Of the options of wasm-opt those that its sister programs need as well: what the program may contain. */
function features(options) {
  return options.filter((option) => option.startsWith("--enable-"));
}

function replaced(text, from, to) {
  if (!text.includes(from)) throw new Error(`${from} is not where it should be`);
  return text.replaceAll(from, to);
}

/** 16 hexadecimal digits, as the server expects in the names of what never changes. */
function hash(...contents) {
  const digest = createHash("sha256");
  for (const content of contents) digest.update(content);
  return digest.digest("hex").slice(0, 16);
}

async function inParallel(items, work) {
  const results = [];
  const waiting = [...items.keys()];
  const worker = async () => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) results[at] = await work(items[at], at);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
