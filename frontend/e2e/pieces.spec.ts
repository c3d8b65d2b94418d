import type { Page } from "@playwright/test";
import { isLive, signIn } from "./browser";
import { ADMIN, expect, test } from "./server";

/** The piece of the program with the list of customers. */
const PIECE = /\/customerspage-[0-9a-f]+\.wasm$/;

const customers = (page: Page) => page.getByRole("heading", { level: 1, name: "Pelanggan" });

test("a page whose piece does not come says so, and comes at the next try", async ({ page, server }) => {
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

test("a piece that cannot be read does not end the application", async ({ page, server }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  await page.route(PIECE, (route) => route.fulfill({ contentType: "application/wasm", body: "no program" }));
  await page.getByTestId("nav-customers").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByTestId("nav-inventory").click();
  await expect(page.getByRole("heading", { level: 1, name: "Gudang" })).toBeVisible();
});

test("a tab of an older version takes up the newer one, at the page that was asked for", async ({ page, server }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  const documents = countDocuments(page);
  await withoutPiece(page, () => documents() === 0);
  await asReplaced(page, server.url);
  await page.getByTestId("nav-customers").click();
  await expect(customers(page)).toBeVisible();
  await isLive(page);
  expect(documents()).toBe(1);
});

test("a tab is loaded anew only once when that does not help", async ({ page, server }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  const documents = countDocuments(page);
  await withoutPiece(page, () => true);
  await asReplaced(page, server.url);
  await page.getByTestId("nav-customers").click();
  await expect(page.getByRole("alert").getByRole("button", { name: "Coba lagi" })).toBeVisible();
  expect(documents()).toBe(1);
});

test("a page is loaded when the pointer comes to its link", async ({ page, server }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  const piece = page.waitForResponse(PIECE);
  await page.getByTestId("nav-customers").hover();
  expect((await piece).headers()).toMatchObject({
    "content-type": "application/wasm",
    "content-encoding": "br",
    "cache-control": "public, max-age=31536000, immutable",
  });
});

/** The server does not have the piece, as long as `gone` says so. */
function withoutPiece(page: Page, gone: () => boolean): Promise<void> {
  return page.route(PIECE, (route) => (gone() ? route.fulfill({ status: 404, body: "not found\n" }) : route.continue()));
}

/** The start page that a script asks for is that of another version. */
function asReplaced(page: Page, url: string): Promise<void> {
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
