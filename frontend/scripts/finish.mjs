// The last step of a release build. Trunk calls it and says by TRUNK_STAGING_DIR where the files are; `cargo xtask`
// says by ISP_PIECES where the pieces of the split program are.
import { compressAll } from "./compress.mjs";
import { addPieces } from "./pieces.mjs";

const { TRUNK_STAGING_DIR: staging, TRUNK_PROFILE: profile, TRUNK_HTML_FILE: html, ISP_PIECES: pieces } = process.env;
if (!staging) throw new Error("this is a step of `trunk build`");

if (profile === "release") {
  if (pieces) await addPieces(staging, pieces, html);
  compressAll(staging);
}
