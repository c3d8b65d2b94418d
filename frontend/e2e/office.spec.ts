import { expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { collectErrors, drawJpeg, navigate, pageFaults, signIn } from "./browser";
import { DEMO_PASSWORD, Server } from "./server";

let server: Server;
let superadmin: Api;
let phones = 0;

test.beforeAll(async () => {
  server = await Server.start({ RATE_LIMIT_MAX_REQUESTS: "100000" }, ["--demo"]);
  superadmin = await Api.login(server.url, "superadmin", DEMO_PASSWORD);
});

test.afterAll(async () => {
  await server?.stop();
});

const open = async (page: Page, path: string, username = "superadmin") => {
  await signIn(page, server.url, username, DEMO_PASSWORD);
  await navigate(page, path);
};

/** A customer with a phone number that nobody else has. */
const newCustomer = (name: string, more: Record<string, unknown> = {}): Promise<any> => {
  phones += 1;
  const phone = `0819${String(Date.now() % 1_000_000).padStart(6, "0")}${String(phones).padStart(2, "0")}`;
  return superadmin.post("/customers", { name, phone, address: "Jl. Magelang 12", status: "active", ...more });
};

/** A repair that a technician is working on, for a new customer. */
async function startedRepair(name: string): Promise<any> {
  const customer = await newCustomer(name);
  const job = await superadmin.post("/jobs", { type: "repair", customer_id: customer.id });
  const technician = (await superadmin.get("/technicians?active=true")).items[0];
  await superadmin.post(`/jobs/${job.id}/assign`, { technician_ids: [technician.id] });
  for (const action of ["accept", "depart", "start"]) await superadmin.post(`/jobs/${job.id}/transitions`, { action });
  return job;
}

test("a report survives a missing photo, and the photo is taken where the report is written", async ({ page, context }) => {
  const errors = collectErrors(page);
  await page.setViewportSize({ width: 360, height: 800 });
  const job = await startedRepair("Laporan Tetap");
  await open(page, `/jobs/${job.id}`);
  await page.getByTestId("action-complete").click();
  const form = page.getByTestId("complete-form");
  await form.getByTestId("field-report").fill("Konektor diganti, pelanggan sudah coba");
  await form.getByTestId("submit").click();
  const photos = form.getByTestId("complete-photos");
  await expect(photos).toContainText("Foto yang masih kurang");
  await expect(photos).toBeInViewport();
  expect(await pageFaults(page, "completion without a photo")).toEqual([]);

  await page.keyboard.press("Escape");
  await expect(form).toHaveCount(0);
  await page.getByTestId("action-complete").click();
  await expect(form.getByTestId("field-report")).toHaveValue("Konektor diganti, pelanggan sudah coba");
  const buffer = await drawJpeg(context);
  await form.getByTestId("photo-file").setInputFiles({ name: "sesudah.jpg", mimeType: "image/jpeg", buffer });
  await expect(form.getByTestId("complete-photo-count")).toHaveAttribute("data-value", "1");
  // The modem that was replaced.
  await form.getByTestId("field-returned_device.serial_number").fill("SN: hwtc0000ffff");
  await form.getByTestId("choice-returned_device.condition-damaged").check();
  await form.getByTestId("submit").click();
  await expect(page.getByTestId("job-status")).toHaveAttribute("data-status", "completed");
  await expect(page.getByTestId("returned-device")).toHaveText("HWTC0000FFFF");
  expect((await superadmin.get(`/jobs/${job.id}`)).report).toBe("Konektor diganti, pelanggan sudah coba");
  expect(errors).toEqual([]);
});

test("a technician sees the own bag and nothing of the warehouse", async ({ page }) => {
  const joko = await Api.login(server.url, "joko", DEMO_PASSWORD);
  const item = (await joko.get("/inventory")).items[0];
  expect([item.on_hand, item.min_stock, item.price]).toEqual([null, null, null]);
  await open(page, "/inventory", "joko");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tas saya");
  await expect(page.getByTestId(`on-hand-${item.code}`)).toHaveAttribute("data-value", `${item.in_bag}`);
  for (const word of ["Stok minimum", "Harga", "Cukup", "Menipis"]) {
    await expect(page.locator("main")).not.toContainText(word);
  }
  await page.getByRole("link", { name: item.code, exact: true }).click();
  await expect(page.getByTestId("item-name")).toBeVisible();
  await expect(page.getByTestId(`on-hand-${item.code}`)).toHaveAttribute("data-value", `${item.in_bag}`);
  await expect(page.locator("main")).not.toContainText("Stok minimum");
});

test("an appointment in the past is refused before it is sent", async ({ page }) => {
  const customer = await newCustomer("Jadwal Lama");
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/jobs")) sent.push(request.url());
  });
  await open(page, `/jobs/new?customer=${customer.id}&type=installation`);
  const form = page.getByTestId("job-form");
  await expect(page.getByTestId("chosen-customer")).toBeVisible();
  await form.getByTestId("field-scheduled_start").fill("2020-01-01T09:00");
  await form.getByTestId("submit").click();
  await expect(form).toContainText("Harus di masa depan.");
  await expect(form.getByTestId("field-scheduled_start")).toBeFocused();
  expect(sent).toEqual([]);
});

for (const width of [360, 1280]) {
  test(`the list of jobs shows appointments and is filtered by their day (${width} px)`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    const customer = await newCustomer(`Besok ${width}`);
    const start = new Date(Date.now() + 24 * 3_600_000).toISOString();
    const job = await superadmin.post("/jobs", { type: "installation", customer_id: customer.id, scheduled_start: start });
    await open(page, "/jobs");
    // On a phone the filters are folded.
    if (width < 640) await page.getByTestId("filters").click();
    await page.getByTestId("filter-appointment").selectOption("tomorrow");
    await expect(page).toHaveURL(/appointment=tomorrow/);
    const row = page.getByTestId("job-row").filter({ hasText: job.number });
    await expect(row.getByTestId("appointment")).toBeVisible();
    await expect(row.getByTestId("appointment")).toHaveAttribute("data-missed", "false");
    await page.getByTestId("filter-appointment").selectOption("today");
    await expect(row).toHaveCount(0);
    expect(await pageFaults(page, "jobs by appointment")).toEqual([]);
  });
}

test("the assign dialog recommends the best technician and lets anybody be chosen", async ({ page }) => {
  const customer = await newCustomer("Pilih Teknisi");
  const job = await superadmin.post("/jobs", { type: "repair", customer_id: customer.id });
  const ranked = (await superadmin.get(`/jobs/${job.id}/candidates`)).items;
  await open(page, `/jobs/${job.id}`);
  await page.getByTestId("action-assign").click();
  const dialog = page.getByTestId("assign-dialog");
  const choices = dialog.getByTestId("technician-choice");
  await expect(choices).toHaveCount(ranked.length);
  await expect(choices.first()).toHaveAttribute("data-username", ranked[0].username);
  await expect(choices.first()).toHaveAttribute("data-recommended", "true");
  await expect(dialog.locator("li").first()).toContainText("Disarankan");
  await expect(dialog.locator("li").first()).toContainText(`Perbaikan ${ranked[0].skill_level}`);
  expect(await pageFaults(page, "assign dialog")).toEqual([]);

  const unskilled = ranked.find((one: { skill_level: number }) => one.skill_level === 0);
  await dialog.getByTestId("technician-search").fill(unskilled.name.slice(0, 5).toUpperCase());
  await dialog.getByTestId("technician-search").press("Enter");
  const choice = dialog.locator(`[data-testid="technician-choice"][data-username="${unskilled.username}"]`);
  await expect(choice).toHaveAttribute("data-skilled", "false");
  await choice.check();
  await dialog.getByTestId("submit").click();
  await expect(page.getByTestId("job-technicians")).toContainText(unskilled.name);
});

test("a typed phone number names its owner, who is used for the job", async ({ page }) => {
  const owner = await newCustomer("Pemilik Nomor", { odp: "ODP-UJI-077" });
  await open(page, "/jobs/new");
  await page.getByTestId("add-customer").click();
  const form = page.getByTestId("customer-form");
  await form.getByTestId("field-name").fill("Orang Serumah");
  await form.getByTestId("field-phone").fill(owner.phone.replace("+62", "0"));
  await expect(form.getByTestId("similar-customer")).toContainText(`Nomor ini milik Pemilik Nomor (${owner.number})`);
  expect(await pageFaults(page, "similar customer")).toEqual([]);
  await form.getByTestId("use-similar-customer").click();
  await expect(page.getByTestId("chosen-customer")).toContainText(owner.number);

  // On the page of a new customer it is a link, and saving stays possible.
  await navigate(page, "/customers/new");
  await form.getByTestId("field-name").fill("Orang Serumah");
  await form.getByTestId("field-phone").fill(owner.phone);
  await expect(form.getByTestId("open-similar-customer")).toHaveAttribute("href", `/customers/${owner.id}`);
  await form.getByTestId("field-address").fill("Jl. Magelang 12");
  await form.getByTestId("submit").click();
  await expect(page).toHaveURL(/customers\/\d+$/);

  // The search knows the box on the pole.
  await navigate(page, "/customers?q=odp-uji-077");
  await expect(page.getByTestId("customer-row")).toHaveCount(1);
  await expect(page.getByTestId("customer-row")).toContainText(owner.number);
});

test("the dashboard says until when yesterday is counted", async ({ page }) => {
  await open(page, "/");
  await expect(page.getByTestId("counter-created-today")).toContainText("kemarin s.d. jam ini");
});

test("a receipt counts rolls, and the stock has metres", async ({ page }) => {
  const input = { code: "DW-UJI", name: "Kabel uji", category: "kabel", unit: "metre", pack_size: 1000 };
  const item = await superadmin.post("/inventory", input);
  await open(page, `/inventory/movements/new?kind=receipt&item=${item.id}`);
  const form = page.getByTestId("movement-form");
  await form.getByTestId("line-quantity").fill("1,5");
  await form.getByTestId("submit").click();
  await expect(form.getByTestId("line-faults")).toContainText("meter utuh");
  await form.getByTestId("line-quantity").fill("2");
  await form.getByTestId("line-packs").check();
  await form.getByTestId("submit").click();
  await expect(page).toHaveURL(/inventory\/movements$/);
  expect((await superadmin.get(`/inventory/${item.id}`)).on_hand).toBe(2000);
});
