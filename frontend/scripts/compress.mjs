// Writes X.br next to every compressible file, at the highest level.
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

/** Compresses the files of a folder; returns the transfer size of each by its path. */
export function compressAll(dir) {
  const sizes = new Map();
  for (const path of [...files(dir)]) {
    const size = statSync(path).size;
    sizes.set(path, size);
    if (!COMPRESSIBLE.test(path) || size < SMALLEST_WORTH_IT) continue;
    const packed = compress(path);
    if (packed.length >= size) continue;
    writeFileSync(`${path}.br`, packed);
    sizes.set(path, packed.length);
  }
  return sizes;
}
