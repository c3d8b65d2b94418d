import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { isLive, signIn } from "./browser";
import { ADMIN, expect, test } from "./server";

/** Of all that a first visit downloads, in bytes. */
const LIMIT = 450_000;

for (const colorScheme of ["light", "dark"] as const) {
  test(`the application starts without an error, readable by everyone (${colorScheme})`, async ({ browser, server }) => {
    const context = await browser.newContext({ colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("requestfailed", (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`));

    await page.goto(server.url);
    await expect(page.locator("#boot")).toHaveCount(0);
    await expect(page.getByRole("button").first()).toBeVisible();
    expect(problems).toEqual([]);

    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    await context.close();
  });
}

/** What a browser downloads, over the wire, until `shown` is done; with an empty cache. */
async function downloaded(page: Page, shown: () => Promise<void>): Promise<number> {
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await shown();
  await page.waitForLoadState("networkidle");
  await session.detach();
  return bytes;
}

test("the first load stays below 450 KB over the wire: the login page, and the dashboard of whoever is signed in", async ({ browser, server }) => {
  const context = await browser.newContext();
  const login = await context.newPage();
  const forLogin = await downloaded(login, async () => {
    await login.goto(server.url);
    await expect(login.getByTestId("sign-in")).toBeVisible();
  });
  await signIn(login, server.url, ADMIN.username, ADMIN.password);

  // The cookies of the sign-in in a browser that has not kept any file.
  const fresh = await browser.newContext({ storageState: await context.storageState() });
  const dashboard = await fresh.newPage();
  const forDashboard = await downloaded(dashboard, async () => {
    await dashboard.goto(server.url);
    await isLive(dashboard);
    await expect(dashboard.getByRole("heading", { level: 1, name: "Beranda" })).toBeVisible();
  });
  console.log(`first load: login ${Math.ceil(forLogin / 1000)} KB, dashboard ${Math.ceil(forDashboard / 1000)} KB`);
  expect(forLogin).toBeGreaterThan(100 * 1024);
  expect(forLogin).toBeLessThan(LIMIT);
  expect(forDashboard).toBeGreaterThan(forLogin);
  expect(forDashboard).toBeLessThan(LIMIT);
  await fresh.close();
  await context.close();
});
