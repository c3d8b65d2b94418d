// Generator of the script that loads chunks.

/**
 * @param shared names of what the chunks import from the main module
 * @param files names of the files
 * @param pages the files of each page, as indexes into `files`
 */
export function loaderScript(shared, files, pages) {
  const names = shared.join(", ");
  const loads = [...pages].map(
    ([page, own]) => `export const __wasm_split_load_${page} = page(${own.join(", ")});`,
  );
  return `import { initSync } from "./frontend.js";
const FILES = ${JSON.stringify(files)};
const loading = [];
const main = () => {
  const { ${names} } = initSync();
  return { ${names} };
};
const load = async (file) => {
  const address = new URL(FILES[file], import.meta.url);
  await WebAssembly.instantiateStreaming(fetch(address), { main: main() });
};
const once = (file) =>
  (loading[file] ??= load(file).catch((error) => {
    loading[file] = undefined;
    throw error;
  }));
const page = (...files) => async (callback, data) => {
  let success = true;
  try {
    await Promise.all(files.map(once));
  } catch (error) {
    console.error(error);
    success = false;
  }
  main().__indirect_function_table.get(callback)(data, success);
};
${loads.join("\n")}
`;
}
