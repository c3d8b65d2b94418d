import { expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { navigate, pageFaults, signIn } from "./browser";
import { DEMO_PASSWORD, Server } from "./server";

let server: Server;
let superadmin: Api;
let customer: { id: number; name: string; version: number } & Record<string, unknown>;

test.beforeAll(async () => {
  server = await Server.start({ RATE_LIMIT_MAX_REQUESTS: "100000" }, ["--demo"]);
  superadmin = await Api.login(server.url, "superadmin", DEMO_PASSWORD);
  customer = await superadmin.post("/customers", {
    name: "Sri Wahyuni",
    phone: "081234567001",
    address: "Jl. Kaliurang KM 9, Sleman",
  });
});

test.afterAll(async () => {
  await server?.stop();
});

/** The fields that a request needs to change a customer. */
const customerInput = ({ name, phone, address }: Record<string, unknown>) => ({ name, phone, address });

/** Keeps the page from reading the address again, which it may do before the next click, until the result is called. */
async function keepUnaware(page: Page, address: RegExp): Promise<() => Promise<void>> {
  let release = () => {};
  const allowed = new Promise<void>((resolve) => (release = resolve));
  await page.route(address, async (route) => {
    await allowed;
    await route.continue();
  });
  return async () => {
    const read = page.waitForResponse(address);
    release();
    await read;
  };
}

/** Types into the form of the customer while somebody else changes the customer; returns the ODP before and after. */
async function causeConflict(page: Page): Promise<{ before: string | null; after: string }> {
  await navigate(page, `/customers/${customer.id}/edit`);
  await page.getByTestId("field-notes").fill("Telepon dulu sebelum datang.");
  const now = await superadmin.get(`/customers/${customer.id}`);
  const after = `ODP-${now.version}`;
  await superadmin.put(`/customers/${customer.id}`, now, { ...customerInput(now), odp: after });
  await page.getByTestId("customer-form").getByTestId("submit").click();
  await expect(page.getByTestId("changed-elsewhere")).toBeVisible();
  await expect(page.getByTestId("field-notes")).toHaveValue("Telepon dulu sebelum datang.");
  return { before: now.odp, after };
}

test("a conflict shows what changed, and the input can be saved or discarded", async ({ page }) => {
  await signIn(page, server.url, "admin", DEMO_PASSWORD);
  await causeConflict(page);
  const notice = page.getByTestId("changed-elsewhere");
  const { name } = await superadmin.get("/auth/profile");
  await expect(notice).toContainText(name);
  expect(await pageFaults(page, "changed elsewhere")).toEqual([]);
  await page.getByTestId("save-anyway").click();
  await expect(page.getByTestId("customer-name")).toBeVisible();
  expect((await superadmin.get(`/customers/${customer.id}`)).notes).toBe("Telepon dulu sebelum datang.");

  // The saved form had no ODP.
  const saved = await superadmin.get(`/customers/${customer.id}`);
  await superadmin.put(`/customers/${customer.id}`, saved, { ...customerInput(saved), odp: "ODP-LAMA" });
  const { before, after } = await causeConflict(page);
  expect(before).toBe("ODP-LAMA");
  const odp = notice.locator("[data-field=odp]");
  await expect(odp.getByTestId("old")).toHaveText("ODP-LAMA");
  await expect(odp.getByTestId("new")).toHaveText(after);
  await page.getByTestId("take-newer").click();
  await expect(page.getByTestId("field-odp")).toHaveValue(after);
  await expect(page.getByTestId("field-notes")).toHaveValue("");
});

test("a plan that somebody else changed is not overwritten without a word", async ({ page }) => {
  await signIn(page, server.url, "admin", DEMO_PASSWORD);
  await navigate(page, "/plans");
  await page.getByTestId("edit-plan").first().click();
  const form = page.getByTestId("plan-form");
  const code = await form.getByTestId("field-code").inputValue();
  const { items } = await superadmin.get("/plans?limit=200");
  const plan = items.find((one: { code: string }) => one.code === code);
  const { name, speed_mbps, price } = plan;
  await superadmin.put(`/plans/${plan.id}`, plan, { code, name, speed_mbps, price: price + 1000 });

  await form.getByTestId("field-name").fill("Paket kantor");
  await form.getByTestId("submit").click();
  const notice = form.getByTestId("changed-elsewhere");
  await expect(notice.locator("[data-field=price]").getByTestId("new")).toContainText(/\d/);
  await expect(form.getByTestId("field-name")).toHaveValue("Paket kantor");
  await notice.getByTestId("take-newer").click();
  await expect(form.getByTestId("field-price")).toHaveValue(String(price + 1000));
  await expect(form.getByTestId("field-name")).toHaveValue(name);
});

test("an action on an account that changed meanwhile is refused, and works on what is shown then", async ({ page }) => {
  const account = await superadmin.post("/users", {
    username: "rini",
    name: "Rini",
    role: "admin",
    password: "Rahasia-Besar-77",
  });
  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  await navigate(page, `/users/${account.id}`);
  await page.getByTestId("reset-password").click();
  const learn = await keepUnaware(page, new RegExp(`/api/users/${account.id}$`));
  await superadmin.put(`/users/${account.id}`, account, { name: "Rini Astuti", role: "admin", active: true });
  const form = page.getByTestId("reset-form");
  await form.getByTestId("submit").click();
  await expect(form.getByRole("alert")).toBeVisible();
  await learn();
  await form.getByTestId("submit").click();
  await expect(page.getByTestId("hand-over")).toContainText("Rini Astuti");
});

test("a job that changed meanwhile is shown again before its status changes", async ({ page }) => {
  const job = await superadmin.post("/jobs", { type: "repair", customer_id: customer.id, confirm_duplicate: true });
  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  await navigate(page, `/jobs/${job.id}`);
  await page.getByTestId("action-cancel").click();
  await page.getByTestId("field-reason").fill("Pelanggan membatalkan");
  const learn = await keepUnaware(page, new RegExp(`/api/jobs/${job.id}$`));
  await superadmin.put(`/jobs/${job.id}`, job, { title: job.title, address: job.address, priority: "urgent" });
  const dialog = page.getByRole("dialog");
  await dialog.getByTestId("submit").click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  expect((await superadmin.get(`/jobs/${job.id}`)).status).toBe("open");
  await learn();
  await expect(page.getByTestId("field-reason")).toHaveValue("Pelanggan membatalkan");
  await dialog.getByTestId("submit").click();
  await expect(dialog).toBeHidden();
  expect((await superadmin.get(`/jobs/${job.id}`)).status).toBe("cancelled");
});
