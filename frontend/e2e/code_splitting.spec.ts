import type { Page } from "@playwright/test";
import { expectLive, signIn } from "./browser";
import { ADMIN, expect, test } from "./server";

/** The chunk with the list of customers. */
const CHUNK = /\/customerspage-[0-9a-f]+\.wasm$/;

const customers = (page: Page) => page.getByRole("heading", { level: 1, name: "Pelanggan" });

test("a page whose chunk cannot be loaded shows an error and loads on retry", async ({ page, server }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  await page.context().setOffline(true);
  await page.getByTestId("nav-customers").click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Tidak tersambung ke server");

  await page.context().setOffline(false);
  await alert.getByRole("button", { name: "Coba lagi" }).click();
  await expect(customers(page)).toBeVisible();
  await expect(page).toHaveURL(`${server.url}/customers`);
});

test("an invalid chunk does not stop the application", async ({ page, server }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  await page.route(CHUNK, (route) => route.fulfill({ contentType: "application/wasm", body: "no program" }));
  await page.getByTestId("nav-customers").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByTestId("nav-inventory").click();
  await expect(page.getByRole("heading", { level: 1, name: "Gudang" })).toBeVisible();
});

test("a tab of an older version reloads the newer one at the requested page", async ({ page, server }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  const documents = countDocuments(page);
  await withoutChunk(page, () => documents() === 0);
  await serveNewerVersion(page, server.url);
  await page.getByTestId("nav-customers").click();
  await expect(customers(page)).toBeVisible();
  await expectLive(page);
  expect(documents()).toBe(1);
});

test("a tab reloads only once when that does not help", async ({ page, server }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  const documents = countDocuments(page);
  await withoutChunk(page, () => true);
  await serveNewerVersion(page, server.url);
  await page.getByTestId("nav-customers").click();
  await expect(page.getByRole("alert").getByRole("button", { name: "Coba lagi" })).toBeVisible();
  expect(documents()).toBe(1);
});

test("a page is prefetched when the pointer reaches its link", async ({ page, server }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  const chunk = page.waitForResponse(CHUNK);
  await page.getByTestId("nav-customers").hover();
  expect((await chunk).headers()).toMatchObject({
    "content-type": "application/wasm",
    "content-encoding": "br",
    "cache-control": "public, max-age=31536000, immutable",
  });
});

/** Answers requests for the chunk with 404 while `gone` returns true. */
function withoutChunk(page: Page, gone: () => boolean): Promise<void> {
  return page.route(CHUNK, (route) => (gone() ? route.fulfill({ status: 404, body: "not found\n" }) : route.continue()));
}

/** Serves the start page of another version to scripts. */
function serveNewerVersion(page: Page, url: string): Promise<void> {
  return page.route(`${url}/`, async (route) => {
    if (route.request().isNavigationRequest()) return route.continue();
    const answer = await route.fetch();
    return route.fulfill({ response: answer, body: (await answer.text()).replaceAll(/-[0-9a-f]{16}/g, "-0123456789abcdef") });
  });
}

function countDocuments(page: Page): () => number {
  let count = 0;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) count += 1;
  });
  return () => count;
}
