import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { drawJpeg, expectLive, trackReloads, navigate, collectErrors, signIn } from "./browser";
import { withExif } from "./exif";
import { ADMIN, Server } from "./server";
import { type Customers, customers, items, PLANS } from "./spreadsheets";

// One scenario in several tests, which run in order.
test.describe.configure({ mode: "serial" });

const PASSWORD = "Kerja-Tiap-Hari-1";
const CABLE = "DW-1C";
const CONNECTOR = "FC-SCUPC";
/** Where the photo is taken: Ngaglik, Sleman. */
const SHOT = { latitude: -7.7101, longitude: 110.4075, taken: "2026:11:23 09:15:00", offset: "+07:00" };

let server: Server;
let file: Customers;
let itemFile: string;
let admin: Api;
let technician: Api;
let technicianId: number;
let jobId: number;
let jobNumber: string;
let expectNotReloaded: () => Promise<void>;
const pages = {} as Record<"admin" | "cs" | "gudang" | "manager", Page>;
const contexts: BrowserContext[] = [];
const errors: string[][] = [];

test.beforeAll(async ({ browser }) => {
  server = await Server.start();
  file = customers(server.dir);
  itemFile = items(server.dir);
  for (const name of ["admin", "cs", "gudang", "manager"] as const) {
    const context = await browser.newContext({ reducedMotion: "reduce" });
    contexts.push(context);
    pages[name] = await context.newPage();
    errors.push(collectErrors(pages[name]));
  }
});

test.afterAll(async () => {
  for (const context of contexts) await context.close();
  await server?.stop();
});

test("an administrator creates plans and accounts", async () => {
  admin = await Api.login(server.url, ADMIN.username, ADMIN.password);
  for (const [index, code] of PLANS.entries()) {
    await admin.post("/plans", { code, name: `Paket ${code}`, speed_mbps: 10 * (index + 1), price: 165_000 });
  }
  for (const role of ["cs", "gudang", "manager"]) {
    const username = `petugas.${role}`;
    await admin.post("/users", { username, name: `Petugas ${role}`, role, password: "Pertama-Kali-1" });
    await Api.firstLogin(server.url, username, "Pertama-Kali-1", PASSWORD);
  }
  const joko = await admin.post("/technicians", {
    name: "Joko Susilo",
    phone: "0813-2800-1122",
    username: "joko",
    password: "Pertama-Kali-1",
    skills: [{ skill: "repair", level: 4 }],
  });
  technicianId = joko.id;
  technician = await Api.firstLogin(server.url, "joko", "Pertama-Kali-1", PASSWORD);
});

test("customers are imported from a spreadsheet, and each rejected row is listed", async () => {
  const page = pages.admin;
  await signIn(page, `${server.url}/customers/import`, ADMIN.username, ADMIN.password);
  const checked = page.waitForResponse((answer) => answer.url().includes("/customers/import?"));
  await page.getByTestId("import-file").setInputFiles(file.path);
  const report = await (await checked).json();
  expect(report).toMatchObject({ dry_run: true, rows: file.rows, created: file.good.length, rejected: file.bad.length });
  const named = (rows: { line: number; column: string }[]) => rows.map(({ line, column }) => `${line} ${column}`).sort();
  // A duplicate concerns the whole row, whichever column is named.
  const lines = (rows: { line: number }[]) => rows.map(({ line }) => line).sort((a, b) => a - b);
  expect(lines(report.problems)).toEqual(lines(file.bad));
  const single = file.bad.filter(({ column }) => column !== "No Pelanggan");
  const problems = report.problems.filter((row: { code: string }) => row.code !== "duplicate_row");
  expect(named(problems)).toEqual(named(single));

  const shown = page.getByTestId("import-report");
  await expect(shown).toHaveAttribute("data-dry-run", "true");
  await expect(shown.getByTestId("report-rows")).toHaveAttribute("data-value", `${file.rows}`);
  await expect(shown.getByTestId("report-rejected")).toHaveAttribute("data-value", `${file.bad.length}`);
  const more = page.getByTestId("show-all");
  while ((await more.count()) > 0) await more.first().click();
  for (const { line, column } of single.slice(0, 6)) {
    const row = page.locator(`[data-testid="problem-row"][data-line="${line}"]`);
    const { message } = problems.find((problem: { line: number }) => problem.line === line);
    await expect(row).toContainText(column);
    await expect(row).toContainText(message);
  }
  expect((await admin.get("/customers?with_total=true&limit=1")).total).toBe(0);

  await page.getByTestId("import-now").click();
  await expect(page.getByTestId("import-done")).toBeVisible();
  await expect(shown).toHaveAttribute("data-dry-run", "false");
  await expect(shown.getByTestId("report-created")).toHaveAttribute("data-value", `${file.good.length}`);
  expect((await admin.get("/customers?with_total=true&limit=1")).total).toBe(file.good.length);

  // The same file again changes nothing.
  await page.getByTestId("import-file").setInputFiles(file.path);
  await expect(page.getByTestId("import-nothing")).toBeVisible();
  await expect(shown.getByTestId("report-unchanged")).toHaveAttribute("data-value", `${file.good.length}`);
});

test("items are imported with their opening stock", async () => {
  const page = pages.admin;
  await navigate(page, "/inventory/import");
  await page.getByTestId("import-file").setInputFiles(itemFile);
  await page.getByTestId("import-now").click();
  await expect(page.getByTestId("import-done")).toBeVisible();
  await expect(page.getByTestId("report-rejected")).toHaveAttribute("data-value", "0");
  await navigate(page, "/inventory");
  await expect(page.getByTestId(`on-hand-${CABLE}`)).toHaveAttribute("data-value", "8000");
});

test("customer service finds an imported customer by part of the phone number and opens a repair", async () => {
  const page = pages.cs;
  await signIn(page, server.url, "petugas.cs", PASSWORD);
  // As the customer reads it out: a few digits from the middle, in groups.
  const inFile = (part: string) => file.good.filter((one) => one.phone.includes(part)).length;
  const customer = file.good.slice(100).find((one) => inFile(one.phone.slice(5, 12)) === 1)!;
  const digits = customer.phone.slice(5, 12);

  await page.getByTestId("new-job").click();
  await page.getByTestId("customer-search").fill(`${digits.slice(0, 4)}-${digits.slice(4)}`);
  const match = page.getByTestId("customer-match");
  await expect(match).toHaveCount(1);
  await expect(match).toContainText(customer.number);
  await match.click();
  await expect(page.getByTestId("chosen-customer")).toContainText(customer.number);
  await page.getByTestId("choice-type-repair").check();
  await page.getByTestId("field-description").fill("Lampu LOS merah sejak pagi");
  await page.getByTestId("job-form").getByTestId("submit").click();
  await expect(page.getByTestId("job-number")).toHaveText(/^GGN-\d{6}-0001$/);
  jobNumber = (await page.getByTestId("job-number").textContent())!;
  jobId = Number(new URL(page.url()).pathname.split("/").pop());
  await expect(jobStatus(page)).toHaveAttribute("data-status", "open");
});

test("the manager opens the dashboard", async () => {
  const page = pages.manager;
  await signIn(page, server.url, "petugas.manager", PASSWORD);
  await expect(page.getByTestId("status-open")).toHaveText("1");
  await expect(page.getByTestId("attention-row")).toHaveCount(1);
  expectNotReloaded = await trackReloads(page);
});

test("the administrator assigns the repair, and the dashboard updates by itself", async () => {
  const page = pages.admin;
  await navigate(page, `/jobs/${jobId}`);
  await page.getByTestId("action-assign").click();
  const dialog = page.getByTestId("assign-dialog");
  await dialog.locator('[data-testid="technician-choice"][data-username="joko"]').check();
  await dialog.getByTestId("submit").click();
  await expect(jobStatus(page)).toHaveAttribute("data-status", "assigned");
  await expect(page.getByTestId("job-technicians")).toContainText("Joko Susilo");
  await expect(pages.manager.getByTestId("status-assigned")).toHaveText("1");
  await expect(jobStatus(pages.cs)).toHaveAttribute("data-status", "assigned");
});

test("the warehouse issues material, and its own screen updates by itself", async () => {
  const page = pages.gudang;
  await signIn(page, `${server.url}/inventory?q=${CABLE}`, "petugas.gudang", PASSWORD);
  const cable = page.getByTestId(`on-hand-${CABLE}`);
  await expect(cable).toHaveAttribute("data-value", "8000");
  const same = await trackReloads(page);

  const gudang = await Api.login(server.url, "petugas.gudang", PASSWORD);
  const lines = [
    { item_id: await itemId(CABLE), quantity: 100 },
    { item_id: await itemId(CONNECTOR), quantity: 10 },
  ];
  await gudang.post("/inventory/issues", { technician_id: technicianId, lines });
  await expect(cable).toHaveAttribute("data-value", "7900");
  await same();

  // The item's page also shows the stock in the bag.
  await page.getByRole("link", { name: CABLE }).click();
  await expect(bagQuantity(page)).toHaveAttribute("data-value", "100");
});

test("the technician works, and every screen updates by itself", async () => {
  const sameWarehouse = await trackReloads(pages.gudang);
  for (const [action, state] of [
    ["accept", "accepted"],
    ["depart", "en_route"],
    ["start", "in_progress"],
  ]) {
    await technician.post(`/jobs/${jobId}/transitions`, { action });
    await expect(pages.manager.getByTestId(`status-${state}`)).toHaveText("1");
    await expect(jobStatus(pages.admin)).toHaveAttribute("data-status", state);
  }

  const jpeg = withExif(await drawJpeg(contexts[0]), SHOT);
  const photo = await technician.upload(`/jobs/${jobId}/photos`, "IMG_0815.jpg", jpeg, { kind: "after" });
  expect(photo.latitude).toBeCloseTo(SHOT.latitude, 4);
  expect(photo.longitude).toBeCloseTo(SHOT.longitude, 4);
  expect(new Date(photo.taken_at).toISOString()).toBe("2026-11-23T02:15:00.000Z");
  expect([photo.width, photo.height]).toEqual([1600, 1200]);
  const stored = await technician.bytes(photo.url);
  expect(stored.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(stored.includes("Exif")).toBe(false);
  const thumbnail = pages.admin.getByTestId("photo").locator("img");
  await expect(thumbnail).toBeVisible();
  expect(await thumbnail.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(320);

  await technician.post(`/jobs/${jobId}/transitions`, {
    action: "complete",
    report: "Konektor diganti, dropcore ditarik ulang 35 m",
    attenuation_dbm: -21.5,
    materials: [
      { item_id: await itemId(CABLE), quantity: 35 },
      { item_id: await itemId(CONNECTOR), quantity: 2 },
    ],
  });
  await expect(jobStatus(pages.admin)).toHaveAttribute("data-status", "completed");
  await expect(usedQuantity(pages.admin, CABLE)).toContainText("35");
  await expect(usedQuantity(pages.admin, CONNECTOR)).toContainText("2");
  await expect(bagQuantity(pages.gudang)).toHaveAttribute("data-value", "65");
  await expect(pages.manager.getByTestId("counter-completed-today").getByTestId("counter-value")).toHaveText("1");
  await sameWarehouse();
});

test("customer service verifies the work and closes the job", async () => {
  await expect(jobStatus(pages.cs)).toHaveAttribute("data-status", "completed");
  await pages.cs.getByTestId("action-verify").click();
  await expect(jobStatus(pages.cs)).toHaveAttribute("data-status", "closed");
  await expect(pages.manager.getByTestId("status-completed")).toHaveText("0");
  // From the first assignment to the closed job the manager's page was never reloaded.
  await expectNotReloaded();
  for (const page of Object.values(pages)) await expectLive(page);
});

test("the ledger is consistent afterwards, and no page had an error", async () => {
  const timeline = await admin.get(`/jobs/${jobId}/timeline`);
  const steps = timeline.items.map((entry: { action: string | null }) => entry.action).filter(Boolean);
  expect(steps).toEqual(["assign", "accept", "depart", "start", "complete", "verify"]);
  const cable = await admin.get(`/inventory/${await itemId(CABLE)}`);
  expect(cable.on_hand).toBe(7900);
  const usage = await admin.get(`/inventory/movements?kind=usage`);
  expect(usage.items.map((move: { job_id: number; quantity: number }) => [move.job_id, move.quantity]).sort()).toEqual([
    [jobId, 2],
    [jobId, 35],
  ]);
  expect((await admin.get(`/jobs?q=${jobNumber}`)).items).toHaveLength(1);

  const ledger = server.run("ledger", "verify");
  expect(ledger.status, ledger.output).toBe(0);
  const again = server.run("import", "customers", file.path);
  expect(again.status, again.output).toBe(0);
  expect((await admin.get("/customers?with_total=true&limit=1")).total).toBe(file.good.length);
  expect(errors.flat()).toEqual([]);
});

const jobStatus = (page: Page) => page.getByTestId("job-status");

const usedQuantity = (page: Page, code: string) =>
  page.locator(`[data-testid="material-row"][data-code="${code}"]`).getByTestId("material-used");

/** The stock in the technician's bag, on the page of an item. */
const bagQuantity = (page: Page) => page.getByTestId("balance-row").filter({ hasText: "Joko Susilo" }).locator("[data-value]");

async function itemId(code: string): Promise<number> {
  const found = await admin.get(`/inventory?q=${code}`);
  return found.items.find((item: { code: string }) => item.code === code).id;
}
