// Bundles the password strength worker into one file named by its content and writes its address into the start page.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "../password_strength/worker.mjs");

/** The licence of the word lists requires attribution. */
const LICENCE_NOTICE = `/*! zxcvbn-ts (https://github.com/zxcvbn-ts/zxcvbn), MIT licence. Word frequencies: OpenSubtitles 2024 by way of
OPUS (https://opus.nlpl.eu/), Open Data Commons Attribution License. */`;

export async function addPasswordStrength(staging) {
  const { outputFiles } = await build({
    entryPoints: [SOURCE],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    target: "es2022",
    legalComments: "none",
    banner: { js: LICENCE_NOTICE },
  });
  const content = outputFiles[0].contents;
  const name = `strength-${createHash("sha256").update(content).digest("hex").slice(0, 16)}.js`;
  writeFileSync(join(staging, name), content);

  const index = join(staging, "index.html");
  const page = readFileSync(index, "utf8");
  writeFileSync(index, page.replace("</head>", `<meta name="isp-strength" content="/${name}"></head>`));
}
