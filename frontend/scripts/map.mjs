// Bundles the map into a script and a style sheet named by their content and writes their addresses into the start page.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "../map/map.mjs");

const LICENCE_NOTICE = "/*! Leaflet (https://leafletjs.com), BSD 2-Clause licence. */";

export async function addMap(staging) {
  const { outputFiles } = await build({
    entryPoints: [SOURCE],
    bundle: true,
    format: "iife",
    minify: true,
    write: false,
    outdir: "/",
    target: "es2022",
    legalComments: "none",
    banner: { js: LICENCE_NOTICE, css: LICENCE_NOTICE },
    // The pin is drawn here; the controls with pictures are not used.
    loader: { ".png": "empty" },
  });
  const names = outputFiles.map(({ path, contents }) => {
    const extension = path.endsWith(".css") ? "css" : "js";
    const name = `map-${createHash("sha256").update(contents).digest("hex").slice(0, 16)}.${extension}`;
    writeFileSync(join(staging, name), contents);
    return `/${name}`;
  });
  const address = (extension) => names.find((name) => name.endsWith(extension));
  const index = join(staging, "index.html");
  const page = readFileSync(index, "utf8");
  const metas = `<meta name="isp-map" content="${address(".js")}"><meta name="isp-map-style" content="${address(".css")}">`;
  writeFileSync(index, page.replace("</head>", `${metas}</head>`));
}
