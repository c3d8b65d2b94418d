// Post-build hook of Trunk. TRUNK_STAGING_DIR is the folder of the files; `cargo xtask` sets ISP_CHUNKS to the folder
// of the split program.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compressAll } from "./compress.mjs";
import { addChunks } from "./chunks.mjs";
import { addMap } from "./map.mjs";
import { addPasswordStrength } from "./password_strength.mjs";

const { TRUNK_STAGING_DIR: staging, TRUNK_PROFILE: profile, TRUNK_HTML_FILE: html, ISP_CHUNKS: chunks } = process.env;
if (!staging) throw new Error("this is a step of `trunk build`");

const release = profile === "release";
const pages = release && chunks ? await addChunks(staging, chunks, html) : new Map();
await addPasswordStrength(staging);
await addMap(staging);
if (release) report(compressAll(staging), pages);

/** Prints the transfer sizes; the sizes per page go to a file. */
function report(sizes, pages) {
  const chunkNames = new Set([...pages.values()].flat());
  const weigh = (names) => names.reduce((sum, name) => sum + sizes.get(join(staging, name)), 0);
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  const start = readFileSync(join(staging, "index.html"), "utf8");
  const named = [...start.matchAll(/(?:href|src)="?\/([^">\s]+\.\w+)/g)].map(([, name]) => name);
  const first = weigh(["index.html", ...new Set(named)]);
  const lines = [...pages].map(([page, own]) => `${page}: ${kb(weigh(own))} in ${own.length} files`).sort();
  console.log(`browser application: first load ${kb(first)}, all ${pages.size} pages in ${kb(weigh([...chunkNames]))} more`);
  if (chunks) writeFileSync(join(chunks, "sizes.txt"), `first load: ${kb(first)}\n${lines.join("\n")}\n`);
}
