// Generator of the script that loads chunks.

/**
 * @param shared names of what the chunks import from the main module
 * @param files names of the files
 * @param pages the files of each page, as indexes into `files`
 * @param common the files that many pages need, as indexes: loaded when the first page is there
 * @param early the pages that people see before they are signed in
 */
export function loaderScript({ shared, files, pages, common, early }) {
  const names = shared.join(", ");
  const loads = [...pages].map(
    ([page, own]) => `export const __wasm_split_load_${page} = page(${!early.has(page)}, ${own.join(", ")});`,
  );
  return `import { initSync } from "./frontend.js";
const FILES = ${JSON.stringify(files)};
const COMMON = ${JSON.stringify(common)};
const loading = [];
const main = () => {
  const { ${names} } = initSync();
  return { ${names} };
};
const load = async (file, priority) => {
  const address = new URL(FILES[file], import.meta.url);
  await WebAssembly.instantiateStreaming(fetch(address, { priority }), { main: main() });
};
const once = (file, priority = "auto") =>
  (loading[file] ??= load(file, priority).catch((error) => {
    loading[file] = undefined;
    throw error;
  }));
const { saveData, effectiveType } = navigator.connection ?? {};
let waiting = !saveData && (effectiveType ?? "4g") === "4g";
const loadCommon = async () => {
  for (const file of COMMON) await once(file, "low");
};
const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
const page = (signedIn, ...files) => async (callback, data) => {
  let success = true;
  try {
    await Promise.all(files.map((file) => once(file)));
  } catch (error) {
    console.error(error);
    success = false;
  }
  main().__indirect_function_table.get(callback)(data, success);
  if (success && signedIn && waiting) {
    waiting = false;
    // A page that needs one of these files later tries again.
    whenIdle(() => loadCommon().catch(() => {}));
  }
};
${loads.join("\n")}
`;
}
