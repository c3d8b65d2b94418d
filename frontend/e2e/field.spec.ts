import { expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { collectErrors, navigate, pageFaults, signIn } from "./browser";
import { DEMO_PASSWORD, Server } from "./server";

let server: Server;
let superadmin: Api;

test.beforeAll(async () => {
  server = await Server.start({ RATE_LIMIT_MAX_REQUESTS: "100000" }, ["--demo"]);
  superadmin = await Api.login(server.url, "superadmin", DEMO_PASSWORD);
});

test.afterAll(async () => {
  await server?.stop();
});

const open = async (page: Page, path: string) => {
  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  await navigate(page, path);
};

test("the Enter of a scanner goes to the next field, and only the button completes", async ({ page }) => {
  const errors = collectErrors(page);
  const job = (await superadmin.get("/jobs?status=in_progress&type=installation")).items[0];
  await open(page, `/jobs/${job.id}`);
  await page.getByTestId("action-complete").click();
  const form = page.getByTestId("complete-form");
  await form.getByTestId("field-report").fill("Terpasang, pelanggan sudah coba");
  await form.getByTestId("field-ont_serial_number").fill("ZTEGC8A1B2C3");
  await form.getByTestId("field-ont_serial_number").press("Enter");
  await expect(form.getByTestId("field-attenuation_dbm")).toBeFocused();
  await expect(form).toBeVisible();
  expect((await superadmin.get(`/jobs/${job.id}`)).status).toBe("in_progress");
  expect(errors).toEqual([]);
});

test("an open assign dialog tells that somebody else was faster, and overrules only deliberately", async ({ page }) => {
  const job = (await superadmin.get("/jobs?status=open")).items[0];
  const technicians = (await superadmin.get("/technicians?active=true")).items;
  await open(page, `/jobs/${job.id}`);
  await page.getByTestId("action-assign").click();
  const dialog = page.getByTestId("assign-dialog");
  await dialog.locator(`[data-testid="technician-choice"][data-username="${technicians[0].username}"]`).check();
  await superadmin.post(`/jobs/${job.id}/assign`, { technician_ids: [technicians[1].id] });
  await expect(dialog.getByTestId("assign-outdated")).toContainText(technicians[1].name);
  expect(await pageFaults(page, "assign-outdated")).toEqual([]);
  await dialog.getByTestId("submit").click();
  await expect(dialog).toContainText("sudah diubah orang lain");
  expect((await superadmin.get(`/jobs/${job.id}`)).technicians[0].technician_id).toBe(technicians[1].id);
  await dialog.getByTestId("assign-anyway").click();
  await dialog.getByTestId("submit").click();
  await expect(dialog).toBeHidden();
  expect((await superadmin.get(`/jobs/${job.id}`)).technicians[0].technician_id).toBe(technicians[0].id);
});

test("a second job of the same kind is shown the open one and goes on only deliberately", async ({ page }) => {
  const job = (await superadmin.get("/jobs?status=open&type=repair")).items[0];
  await open(page, `/jobs/new?customer=${job.customer_id}&type=repair`);
  await expect(page.getByTestId("open-job").filter({ hasText: job.number })).toBeVisible();
  const form = page.getByTestId("job-form");
  await form.getByTestId("submit").click();
  await expect(form).toContainText(job.number);
  expect(await pageFaults(page, "duplicate")).toEqual([]);
  await form.getByLabel("Tetap buat satu pekerjaan lagi").check();
  await form.getByTestId("submit").click();
  await expect(page.getByTestId("job-number")).toBeVisible();
});

for (const width of [360, 1280]) {
  test(`an import names what it leaves out and replaces nobody without being told (${width} px)`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    const number = `LAMA-${width}`;
    const phone = (last: number) => `08127000${width}`.slice(0, 10) + String(width * 10 + last).padStart(5, "0").slice(-4);
    await superadmin.upload(
      "/customers/import",
      "lama.csv",
      Buffer.from(`Nomor;Nama;No HP;Alamat\n${number};Wahyu;${phone(1)};Jl. A\n`),
    );
    await open(page, "/customers/import");
    const file = `Daftar pelanggan;;;\nNomor;Nama;No HP;Alamat\n${number};Orang Lain;${phone(2)};Jl. B\nTOTAL;;;1\n`;
    await page.getByTestId("import-file").setInputFiles({ name: "baru.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
    await expect(page.getByTestId("report-skipped")).toHaveAttribute("data-value", "2");
    await expect(page.getByTestId("report-rejected")).toHaveAttribute("data-value", "1");
    await expect(page.locator('[data-testid="problem-row"][data-line="3"]')).toContainText("Wahyu");
    expect(await pageFaults(page, "import report")).toEqual([]);
    await page.getByTestId("replace-customers").check();
    await expect(page.getByTestId("report-updated")).toHaveAttribute("data-value", "1");
    await page.getByTestId("import-now").click();
    await expect(page.getByTestId("import-done")).toBeVisible();
    const found = await superadmin.get(`/customers?q=${number}`);
    expect(found.items[0].name).toBe("Orang Lain");
  });
}

test("the list of customers is filtered by area, and a changed field of a job is named", async ({ page }) => {
  await open(page, "/customers");
  const customer = (await superadmin.get("/customers?q=bantul&limit=50")).items.find((one: any) => one.area);
  await page.getByTestId("filter-area").fill(customer.area.toUpperCase());
  await page.getByTestId("filter-area").press("Enter");
  await expect(page).toHaveURL(/area=/);
  const { total } = await superadmin.get(`/customers?with_total=true&area=${encodeURIComponent(customer.area)}`);
  await expect(page.getByTestId("customer-row")).toHaveCount(Math.min(total, 50));
});

test.describe("a browser in another time zone", () => {
  test.use({ timezoneId: "Asia/Makassar" });

  test("an appointment means the organisation's hour, and the field names its zone", async ({ page }) => {
    const job = (await superadmin.get("/jobs?status=open&type=installation")).items[0];
    await open(page, `/jobs/${job.id}/edit`);
    await expect(page.getByTestId("zone-scheduled_start")).toHaveText("WIB");
    await page.getByTestId("field-scheduled_start").fill("2031-03-01T09:00");
    await page.getByTestId("field-scheduled_end").fill("2031-03-01T11:00");
    await page.locator("form").getByTestId("submit").click();
    await expect(page.getByTestId("job-number")).toBeVisible();
    const { scheduled_start } = await superadmin.get(`/jobs/${job.id}`);
    expect(new Date(scheduled_start).toISOString()).toBe("2031-03-01T02:00:00.000Z");
    await expect(page.locator("main")).toContainText("09.00 WIB");
  });
});
