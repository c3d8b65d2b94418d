import config from "./playwright.config";

/** Measures the browser application, best alone on the machine: docs/PERFORMANCE.md, *Browser*. */
export default { ...config, testMatch: "**/speed.ts", workers: 1, reporter: [["list"]] };
