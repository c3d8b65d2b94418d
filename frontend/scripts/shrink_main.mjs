// Shrinks the main module and its script together: the long names of what it imports from the script, with a hash in
// each, are replaced by short ones, and the script is minified.
import { transform } from "esbuild";
import { joinMainData, renameImports } from "./wasm_sections.mjs";

/** The names of wasm-bindgen's imports. */
const IMPORTED = /\b__wb(?:g|indgen)_\w+/g;

/** Returns module and script in their short form. */
export async function shrinkMain(wasm, script) {
  const names = new Map();
  const shorten = (name) => names.get(name) ?? names.set(name, `i${names.size.toString(36)}`).get(name);
  const short = renameImports(joinMainData(wasm), (module, name) => (isOwn(module, name) ? shorten(name) : name));
  for (const { name } of WebAssembly.Module.exports(new WebAssembly.Module(short))) {
    if (names.has(name)) throw new Error(`${name} is imported and exported`);
  }
  const renamed = script.replaceAll(IMPORTED, (name) => names.get(name) ?? name);
  return { wasm: short, script: await minify(renamed) };
}

/** Whether an import comes from wasm-bindgen's script. */
function isOwn(module, name) {
  return module.endsWith("_bg.js") && name.match(IMPORTED)?.[0] === name;
}

/** Minifies a script that is a module. */
export async function minify(script) {
  const { code } = await transform(script, { minify: true, format: "esm", target: "es2022", legalComments: "none" });
  return code;
}
