import { expect, type Page, test } from "@playwright/test";
import { pageFaults, navigate, signIn } from "./browser";
import { ADMIN, Server } from "./server";

let server: Server;

test.beforeAll(async () => {
  server = await Server.start();
});

test.afterAll(async () => {
  await server?.stop();
});

/** The ids that a page's elements name as their description and that no element has. */
function missingDescriptions(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll("[aria-describedby]")].flatMap((element) =>
      element.getAttribute("aria-describedby")!.split(/\s+/),
    );
    return ids.filter((id) => document.getElementById(id) === null);
  });
}

test("every description that a field names exists", async ({ page }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  for (const path of ["/customers/new", "/inventory/new", "/technicians/new", "/jobs/new", "/settings", "/profile"]) {
    await navigate(page, path);
    await expect(page.locator("form").first()).toBeVisible();
    expect(await missingDescriptions(page), path).toEqual([]);
  }
});

test("a group of choices shows its fault, is marked and gets the focus", async ({ page }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  await navigate(page, "/inventory/new");
  const form = page.getByTestId("item-form");
  await form.getByTestId("field-code").fill("DW-1C");
  await form.getByTestId("field-category").fill("kabel");
  await form.getByTestId("field-name").fill("Kabel dropcore");
  // Metres have no serial numbers.
  await form.getByTestId("choice-unit-metre").check();
  await form.getByTestId("field-serialized").check();
  await form.getByTestId("submit").click();
  const group = form.getByRole("radiogroup", { name: "Satuan" });
  await expect(group).toHaveAttribute("aria-invalid", "true");
  await expect(group).toHaveAccessibleDescription(/\S/);
  await expect(form.getByTestId("choice-unit-metre")).toBeFocused();
  expect(await pageFaults(page, "choices")).toEqual([]);
  await form.getByTestId("choice-unit-pcs").check();
  await expect(group).toHaveAttribute("aria-invalid", "false");
});

test("a checkbox shows the fault that the server names", async ({ page }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  const message = "Barang ini sudah pernah bergerak.";
  await page.route("**/api/inventory", (route) => {
    if (route.request().method() !== "POST") return route.continue();
    return route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "about:blank",
        title: "Unprocessable Content",
        status: 422,
        code: "invalid_fields",
        detail: message,
        errors: [{ field: "serialized", code: "wrong_type", message }],
        request_id: "test",
      }),
    });
  });
  await navigate(page, "/inventory/new");
  const form = page.getByTestId("item-form");
  await form.getByTestId("field-code").fill("ONT-1");
  await form.getByTestId("field-category").fill("modem");
  await form.getByTestId("field-name").fill("Modem ONT");
  await form.getByTestId("submit").click();
  const checkbox = form.getByTestId("field-serialized");
  await expect(checkbox).toHaveAttribute("aria-invalid", "true");
  await expect(checkbox).toHaveAccessibleDescription(message);
  await expect(checkbox).toBeFocused();
  await checkbox.check();
  await expect(checkbox).toHaveAttribute("aria-invalid", "false");
});

test("the account menu works with the keyboard alone", async ({ page }) => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  const button = page.getByTestId("account");
  await expect(button).toHaveAttribute("aria-haspopup", "menu");
  await expect(button).toHaveAttribute("aria-expanded", "false");
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(button).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByTestId("nav-profile")).toBeFocused();
  expect(await pageFaults(page, "account menu")).toEqual([]);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByTestId("sign-out")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(button).toHaveAttribute("aria-expanded", "false");
  await expect(button).toBeFocused();

  await button.click();
  await expect(page.getByRole("menu")).toBeVisible();
  await page.locator("h1").click();
  await expect(page.getByRole("menu")).toHaveCount(0);
});
