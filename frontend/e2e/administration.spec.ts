import { expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { drawJpeg, pageFaults, navigate, collectErrors, signIn } from "./browser";
import { DEMO_PASSWORD, Server } from "./server";

const NIK = "3404011290050001";

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
    nik: NIK,
  });
});

test.afterAll(async () => {
  await server?.stop();
});

/** The fields that a request needs to change a customer. */
const customerInput = ({ name, phone, address }: Record<string, unknown>) => ({ name, phone, address });

test("an API key is created, shown once, used and revoked", async ({ page }) => {
  const errors = collectErrors(page);
  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  await navigate(page, "/api-keys/new");
  const form = page.getByTestId("api-key-form");
  await form.getByTestId("field-name").fill("Tagihan");
  await form.getByTestId("field-allowed_addresses").fill("127.0.0.0/8\nrumah");
  await form.getByTestId("submit").click();
  await expect(page.locator("#f-permissions-fault")).toHaveText("Wajib diisi.");
  await expect(form).toContainText("rumah: Bukan alamat atau jaringan IP.");
  await form.getByTestId("permission-customers.read").check();
  await form.getByTestId("field-allowed_addresses").fill("127.0.0.0/8");
  await form.getByTestId("submit").click();
  await expect(page.getByTestId("api-key-created")).toContainText("tidak akan ditampilkan lagi");
  expect(await pageFaults(page, "key")).toEqual([]);
  const key = (await page.getByTestId("api-key").textContent())!;
  expect(errors).toEqual([]);

  const call = (path: string) => fetch(`${server.url}/api${path}`, { headers: { "X-Api-Key": key } });
  const answer = await call("/customers?limit=1");
  expect(answer.status).toBe(200);
  expect((await answer.json()).items).toHaveLength(1);
  expect((await call("/jobs")).status).toBe(403);

  await page.getByTestId("api-key-kept").click();
  const row = page.getByTestId("api-key-row").filter({ hasText: "Tagihan" });
  await expect(row.getByTestId("api-key-state")).toContainText("Berlaku");
  await expect(row).toContainText("127.0.0.0/8");
  await row.getByTestId("revoke").click();
  await page.getByTestId("confirm").click();
  await expect(row.getByTestId("api-key-state")).toContainText("Dicabut");
  await expect(row.getByTestId("revoke")).toHaveCount(0);
  expect((await call("/customers?limit=1")).status).toBe(401);
});

test("the audit log shows the values before and after a change, and exports them", async ({ page }) => {
  const before = await superadmin.get(`/customers/${customer.id}`);
  await superadmin.put(`/customers/${customer.id}`, before, { ...customerInput(before), name: "Sri Wahyuningsih" });
  await signIn(page, server.url, "manajer", DEMO_PASSWORD);
  await navigate(page, `/audit?entity=customer&entity_id=${customer.id}`);
  const row = page.getByTestId("audit-row").first();
  await expect(row.getByTestId("audit-action")).toHaveText("Pelanggan diubah");
  await row.getByTestId("open-entry").click();
  const difference = page.getByTestId("difference");
  await expect(difference).toHaveCount(1);
  await expect(difference).toHaveAttribute("data-field", "name");
  await expect(difference.getByTestId("old")).toHaveText("Sri Wahyuni");
  await expect(difference.getByTestId("new")).toHaveText("Sri Wahyuningsih");
  expect(await pageFaults(page, "entry")).toEqual([]);
  await page.keyboard.press("Escape");

  await page.getByTestId("filter-action").selectOption("customer.create");
  await expect(page).toHaveURL(/action=customer\.create/);
  await expect(page.getByTestId("audit-row")).toHaveCount(1);
  await page.getByTestId("filter-from").fill("2020-01-01");
  await page.getByTestId("filter-from").blur();
  await expect(page).toHaveURL(/from=2019-12-31T17/);
  await expect(page.getByTestId("audit-row")).toHaveCount(1);
  const file = page.waitForEvent("download");
  await page.getByTestId("export").click();
  const path = await (await file).path();
  const { readFileSync } = await import("node:fs");
  const lines = readFileSync(path, "utf8").trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\ufeffid;at;/);
  expect(lines[1]).toContain("customer.create");
});

test("an identity number is masked, and every unmasked read is recorded", async ({ page }) => {
  const reads = async () => (await superadmin.get(`/audit?action=customer.read_nik&entity_id=${customer.id}`)).items;
  const before = (await reads()).length;
  await signIn(page, server.url, "cs", DEMO_PASSWORD);
  await navigate(page, `/customers/${customer.id}`);
  const nik = page.getByTestId("nik");
  await expect(nik).toHaveText(/^•+0001$/);
  await expect(page.locator("#nik-note")).toContainText("tercatat");
  await page.getByTestId("show-nik").click();
  await expect(nik).toHaveText(NIK);
  const recorded = await reads();
  expect(recorded).toHaveLength(before + 1);
  expect(JSON.stringify(recorded)).not.toContain(NIK);
  await page.getByTestId("show-nik").click();
  await expect(nik).toHaveText(/^•+0001$/);
});

test("a manager sees only the masked identity number", async ({ page }) => {
  await signIn(page, server.url, "manajer", DEMO_PASSWORD);
  await navigate(page, `/customers/${customer.id}`);
  await expect(page.getByTestId("nik")).toHaveText(/^•+0001$/);
  await expect(page.getByTestId("show-nik")).toHaveCount(0);
  await expect(page.getByTestId("identity-photo")).toHaveCount(0);
});

test("a photo of the identity card is stored, viewed and removed", async ({ page, context }) => {
  await signIn(page, server.url, "cs", DEMO_PASSWORD);
  await navigate(page, `/customers/${customer.id}`);
  const card = page.getByTestId("identity-photo");
  await card.getByTestId("identity-file").setInputFiles({
    name: "ktp.jpg",
    mimeType: "image/jpeg",
    buffer: await drawJpeg(context),
  });
  await card.getByTestId("look-identity-photo").click();
  const picture = page.getByTestId("identity-picture");
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await page.keyboard.press("Escape");
  const read = await superadmin.get(`/audit?action=customer.read_identity_photo&entity_id=${customer.id}`);
  expect(read.items).toHaveLength(1);
  await card.getByTestId("remove-identity-photo").click();
  await page.getByTestId("confirm").click();
  await expect(card.getByTestId("look-identity-photo")).toHaveCount(0);
});

test("a warehouse can be added", async ({ page }) => {
  await signIn(page, server.url, "gudang", DEMO_PASSWORD);
  await navigate(page, "/inventory/locations");
  await page.getByTestId("new-location").click();
  await page.getByTestId("field-name").fill("Gudang Bantul");
  await page.getByTestId("field-code").fill("gdg btl");
  await page.getByTestId("location-form").getByTestId("submit").click();
  await expect(page.locator("#f-code-fault")).toBeVisible();
  await page.getByTestId("field-code").fill("gdg-btl");
  await page.getByTestId("location-form").getByTestId("submit").click();
  await expect(page.getByTestId("location-row").filter({ hasText: "Gudang Bantul" })).toContainText("GDG-BTL");
});

test("the table of roles shows the scope of each permission", async ({ page }) => {
  await signIn(page, server.url, "admin", DEMO_PASSWORD);
  await navigate(page, "/users");
  await page.getByTestId("roles").click();
  const row = page.locator('[data-testid="permission-row"][data-permission="jobs.work"]');
  await expect(row.getByRole("cell")).toHaveText(["Semua", "Semua", /–/, /–/, /–/, "Milik sendiri"]);
});
