import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expectLive, signIn } from "./browser";
import { ADMIN, expect, test } from "./server";

/** Maximum download of a first visit, in bytes: the sign-in page, and the dashboard of somebody who is signed in. */
const MAX_LOGIN_BYTES = 200_000;
const MAX_DASHBOARD_BYTES = 450_000;

for (const colorScheme of ["light", "dark"] as const) {
  test(`the application starts without errors and is accessible (${colorScheme})`, async ({ browser, server }) => {
    const context = await browser.newContext({ colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("requestfailed", (request) => errors.push(`${request.url()}: ${request.failure()?.errorText}`));

    await page.goto(server.url);
    await expect(page.locator("#boot")).toHaveCount(0);
    await expect(page.getByRole("button").first()).toBeVisible();
    expect(errors).toEqual([]);

    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    await context.close();
  });
}

/** Returns the bytes that a browser downloads until `shown` resolves, with an empty cache. */
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

test("the first load stays small: the sign-in page, and the dashboard of a signed-in user", async ({ browser, server }) => {
  const context = await browser.newContext();
  const login = await context.newPage();
  const forLogin = await downloaded(login, async () => {
    await login.goto(server.url);
    await expect(login.getByTestId("sign-in")).toBeVisible();
  });
  await signIn(login, server.url, ADMIN.username, ADMIN.password);

  // A browser with the session cookies but without cached files.
  const fresh = await browser.newContext({ storageState: await context.storageState() });
  const dashboard = await fresh.newPage();
  // Who saves data loads nothing in the background.
  await dashboard.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  const forDashboard = await downloaded(dashboard, async () => {
    await dashboard.goto(server.url);
    await expectLive(dashboard);
    await expect(dashboard.getByRole("heading", { level: 1, name: "Beranda" })).toBeVisible();
  });
  console.log(`first load: login ${Math.ceil(forLogin / 1000)} KB, dashboard ${Math.ceil(forDashboard / 1000)} KB`);
  expect(forLogin).toBeGreaterThan(100 * 1024);
  expect(forLogin).toBeLessThan(MAX_LOGIN_BYTES);
  expect(forDashboard).toBeGreaterThan(forLogin);
  expect(forDashboard).toBeLessThan(MAX_DASHBOARD_BYTES);
  await fresh.close();
  await context.close();
});

for (const lang of ["id", "en"]) {
  test(`the sign-in page is painted before the program is there, with the same words (${lang})`, async ({ page, server }) => {
    await page.addInitScript((own) => localStorage.setItem("isp-lang", own), lang);
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(/_bg\.wasm$/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(server.url, { waitUntil: "commit" });
    const early = page.locator("#boot").getByRole("heading", { level: 1 });
    await expect(early).toBeVisible();
    const words = [early, page.locator("#boot h1 + p")];
    const before = await Promise.all(words.map((word) => word.textContent()));
    release();
    await expect(page.getByTestId("sign-in")).toBeVisible();
    await expect(page.locator("#boot")).toHaveCount(0);
    const after = [page.getByRole("heading", { level: 1 }), page.locator("h1 + p")];
    expect(await Promise.all(after.map((word) => word.textContent()))).toEqual(before);
  });
}

test("whoever is signed in does not see the sign-in page while the program loads", async ({ page, server }) => {
  await page.addInitScript(() => localStorage.setItem("isp-signed-in", "1"));
  await page.route(/_bg\.wasm$/, () => {});
  await page.goto(server.url, { waitUntil: "commit" });
  await expect(page.locator("#boot .boot-wait")).toBeVisible();
  await expect(page.locator("#boot h1")).toBeHidden();
});
