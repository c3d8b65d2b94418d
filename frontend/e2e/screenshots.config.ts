import config from "./playwright.config";

/**
 * Takes the screenshots of the documentation again:
 * `ISP_SERVER_BIN=… CHROMIUM_PATH=… node node_modules/@playwright/test/cli.js test --config e2e/screenshots.config.ts`
 */
export default { ...config, testMatch: "**/screenshots.ts", reporter: [["list"]] };
