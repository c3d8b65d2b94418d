import config from "./playwright.config";

/**
 * Takes the pictures of the documentation anew:
 * `ISP_SERVER_BIN=… CHROMIUM_PATH=… node node_modules/@playwright/test/cli.js test --config e2e/pictures.config.ts`
 */
export default { ...config, testMatch: "**/pictures.ts", reporter: [["list"]] };
