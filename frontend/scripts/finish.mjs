// The last step of a build. Trunk calls it and says by TRUNK_STAGING_DIR where the files are; `cargo xtask`
// says by ISP_PIECES where the pieces of the split program are.
import { compressAll } from "./compress.mjs";
import { addPieces } from "./pieces.mjs";
import { addStrength } from "./strength.mjs";

const { TRUNK_STAGING_DIR: staging, TRUNK_PROFILE: profile, TRUNK_HTML_FILE: html, ISP_PIECES: pieces } = process.env;
if (!staging) throw new Error("this is a step of `trunk build`");

const release = profile === "release";
if (release && pieces) await addPieces(staging, pieces, html);
await addStrength(staging);
if (release) compressAll(staging);
