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
const split = release && chunks ? await addChunks(staging, chunks, html) : { pages: new Map(), common: [], partOf: new Map() };
await addPasswordStrength(staging);
await addMap(staging);
if (release) report(compressAll(staging), split);

/** Prints the transfer sizes, and writes them to a file, which the size budget is compared with. */
function report(packed, { pages, common, partOf }) {
  const weigh = (names) => [...names].reduce((sum, name) => sum + packed.get(join(staging, name)), 0);
  const start = readFileSync(join(staging, "index.html"), "utf8");
  const named = [...start.matchAll(/(?:href|src)="?\/([^">\s]+\.\w+)/g)].map(([, name]) => name);
  const base = [...(pages.get("Frame") ?? []), ...common];
  const thereFor = (page) => new Set([...base, ...(partOf.get(page) ?? []).flatMap((opener) => pages.get(opener))]);
  const further = [...pages].filter(([page]) => page !== "Frame");
  const additional = ([page, own]) => [page, weigh(own.filter((name) => !thereFor(page).has(name)))];
  const sizes = {
    first_load: weigh(new Set(["index.html", ...named])),
    frame: weigh(pages.get("Frame") ?? []),
    common: weigh(common),
    further_page: Object.fromEntries(further.map(additional)),
  };
  console.log(`browser application: first load ${sizes.first_load}, frame ${sizes.frame}, common ${sizes.common} bytes`);
  if (chunks) writeFileSync(join(chunks, "sizes.json"), `${JSON.stringify(sizes, null, 2)}\n`);
}
