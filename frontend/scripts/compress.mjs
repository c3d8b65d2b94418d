// Writes X.br next to every compressible file of a release build, at the highest level.
// Trunk calls it after a build and says by TRUNK_STAGING_DIR where the files are.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const COMPRESSIBLE = /\.(html|js|mjs|css|wasm|svg|json|txt|webmanifest)$/;
const SMALLEST_WORTH_IT = 200;

function* files(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

function compress(path) {
  const raw = readFileSync(path);
  return brotliCompressSync(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
}

const dir = process.env.TRUNK_STAGING_DIR ?? process.argv[2];
if (!dir) throw new Error("which folder? Give it as the first argument");

if (process.env.TRUNK_PROFILE !== "debug") {
  let total = 0;
  for (const path of [...files(dir)]) {
    const size = statSync(path).size;
    if (!COMPRESSIBLE.test(path) || size < SMALLEST_WORTH_IT) {
      total += size;
      continue;
    }
    const packed = compress(path);
    total += packed.length;
    if (packed.length < size) writeFileSync(`${path}.br`, packed);
  }
  console.log(`browser application over the wire: ${Math.ceil(total / 1024)} KB`);
}
