// The last step of a build. Trunk calls it and says by TRUNK_STAGING_DIR where the files are; `cargo xtask`
// says by ISP_PIECES where the pieces of the split program are.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compressAll } from "./compress.mjs";
import { addPieces } from "./pieces.mjs";
import { addStrength } from "./strength.mjs";

const { TRUNK_STAGING_DIR: staging, TRUNK_PROFILE: profile, TRUNK_HTML_FILE: html, ISP_PIECES: pieces } = process.env;
if (!staging) throw new Error("this is a step of `trunk build`");

const release = profile === "release";
const pages = release && pieces ? await addPieces(staging, pieces, html) : new Map();
await addStrength(staging);
if (release) report(compressAll(staging), pages);

/** Says what the parts of the application weigh over the wire; the page's own table goes to a file. */
function report(sizes, pages) {
  const ofPages = new Set([...pages.values()].flat());
  const weigh = (names) => names.reduce((sum, name) => sum + sizes.get(join(staging, name)), 0);
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  const start = readFileSync(join(staging, "index.html"), "utf8");
  const named = [...start.matchAll(/(?:href|src)="?\/([^">\s]+\.\w+)/g)].map(([, name]) => name);
  const first = weigh(["index.html", ...new Set(named)]);
  const lines = [...pages].map(([page, own]) => `${page}: ${kb(weigh(own))} in ${own.length} files`).sort();
  console.log(`browser application: first load ${kb(first)}, all ${pages.size} pages in ${kb(weigh([...ofPages]))} more`);
  if (pieces) writeFileSync(join(pieces, "sizes.txt"), `first load: ${kb(first)}\n${lines.join("\n")}\n`);
}
