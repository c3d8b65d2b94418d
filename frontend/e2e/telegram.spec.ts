import { expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { pageFaults, navigate, collectErrors, signIn } from "./browser";
import { ADMIN, Server } from "./server";
import { type TestUser, Telegram } from "./telegram";

// One scenario in several tests, which run in order.
test.describe.configure({ mode: "serial" });

const PASSWORD = "Kerja-Tiap-Hari-1";

let telegram: Telegram;
let server: Server;
let admin: Api;
let page: Page;
let office: TestUser;
let applicant: TestUser;
let errors: string[];

test.beforeAll(async ({ browser }) => {
  telegram = await Telegram.start();
  server = await Server.start({ ...telegram.env, RATE_LIMIT_MAX_REQUESTS: "100000" });
  admin = await Api.login(server.url, ADMIN.username, ADMIN.password);
  office = await telegram.user(5_001, "Ratna");
  applicant = await telegram.user(5_002, "Budi di HP");
  page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  errors = collectErrors(page);
});

test.afterAll(async () => {
  await page?.context().close();
  await server?.stop();
  await telegram?.stop();
});

/** Answers the questions of the bot up to the summary. */
async function fillIn(user: TestUser, name: string, phone: string, area: string): Promise<void> {
  await user.send("/start");
  await user.reads("1/5 Nama");
  await user.send(name);
  await user.reads("2/5 Nomor HP");
  await user.act({ do: "contact", phone, own: true });
  await user.reads("3/5 Area");
  await user.tap(area);
  await user.tap("Pemasangan");
  await user.tap("Lanjut");
  await user.reads("5/5 Foto KTP");
  await user.tap("Lewati");
}

test("a chat is linked with the code of the profile page, which updates by itself", async () => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  await navigate(page, "/profile");
  await page.getByTestId("telegram-link").click();
  const dialog = page.getByTestId("telegram-dialog");
  await dialog.getByTestId("field-current_password").fill("salah");
  await dialog.getByTestId("submit").click();
  await expect(dialog).toContainText("Kata sandi saat ini salah.");
  errors.length = 0; // The browser notes the refusal.
  await dialog.getByTestId("field-current_password").fill(ADMIN.password);
  await dialog.getByTestId("submit").click();
  await expect(dialog.getByTestId("telegram-qr")).toBeVisible();
  expect(await pageFaults(page, "code")).toEqual([]);
  await office.send((await dialog.getByTestId("link-code").textContent())!);
  await office.reads("sekarang terhubung ke akun");
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId("telegram-unlink")).toBeVisible();
});

test("an applicant chooses one of the configured areas", async () => {
  await navigate(page, "/settings");
  await page.getByTestId("field-service_areas").fill("Depok\n\n Ngaglik ");
  await page.getByTestId("settings-form").getByTestId("submit").click();
  await expect.poll(async () => (await admin.get("/settings")).service_areas).toEqual(["Depok", "Ngaglik"]);
  await fillIn(applicant, "Budi Santoso", "+6281234500011", "Ngaglik");
});

test("the dashboard shows a new application, which is approved in the list", async () => {
  await navigate(page, "/");
  await expect(page.getByTestId("waiting-technicians")).toBeHidden();
  await applicant.tap("Kirim");
  await office.reads("Pendaftaran teknisi baru");
  await page.getByTestId("waiting-technicians").click();
  const queue = page.getByTestId("registrations");
  await expect(queue).toContainText("Budi Santoso");
  await expect(queue).toContainText("Ngaglik");
  expect(await pageFaults(page, "queue")).toEqual([]);
  await queue.getByTestId("approve").click();
  await page.getByTestId("confirm").click();
  await expect(queue).toBeHidden();
  const told = await applicant.reads("Selamat, Anda diterima");
  expect(told).toContain("budi.santoso");
  await office.reads("diterima sebagai teknisi");
  await expect(page.getByTestId("technician-row").filter({ hasText: "Budi Santoso" })).toBeVisible();
});

test("a return that is announced in the chat is counted in the browser", async ({ browser }) => {
  const [technician] = (await admin.get("/technicians?q=Budi")).items;
  const [warehouse] = (await admin.get("/locations?kind=warehouse")).items;
  const item = await admin.post("/inventory", {
    code: "DW-1C",
    name: "Kabel dropcore",
    category: "kabel",
    unit: "metre",
    serialized: false,
    min_stock: 0,
    price: 1_500,
  });
  await admin.post("/inventory/receipts", {
    location_id: warehouse.id,
    lines: [{ item_id: item.id, quantity: 500 }],
  });
  const lines = [{ item_id: item.id, quantity: 80 }];
  await admin.post("/inventory/issues", { technician_id: technician.id, lines });
  await admin.post("/users", { username: "gudang", name: "Slamet", role: "gudang", password: "Pertama-Kali-1" });
  await Api.firstLogin(server.url, "gudang", "Pertama-Kali-1", PASSWORD);
  const store = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  const storeErrors = collectErrors(store);
  await signIn(store, server.url, "gudang", PASSWORD);
  await navigate(store, "/inventory");

  await applicant.send("/bag");
  await applicant.tap("Kembalikan sisa");
  await applicant.tap("Semua isi tas");
  await applicant.tap("Ajukan 1 barang");
  await applicant.reads("menunggu gudang");
  await expect(store.getByTestId("returns-waiting")).toHaveText("1");
  await store.getByTestId("returns").click();
  await store.getByTestId("return-row").getByRole("link").first().click();
  await store.getByTestId("counted-DW-1C").fill("81");
  await store.getByTestId("take-in").click();
  await expect(store.getByTestId("count-DW-1C")).toContainText("Paling banyak 80.");
  await store.getByTestId("counted-DW-1C").fill("75");
  expect(await pageFaults(store, "count")).toEqual([]);
  await store.getByTestId("take-in").click();
  await expect(store.getByTestId("return-status")).toContainText("Diterima");
  await expect(store.getByTestId("return-line")).toContainText("75");
  await expect(store.getByTestId("return-line")).toContainText("diajukan 80");
  expect(await applicant.reads("diterima gudang")).toContain("75 m Kabel dropcore (diajukan 80 m)");
  await applicant.send("/bag");
  await applicant.reads("• 5 m Kabel dropcore");
  expect(storeErrors).toEqual([]);
  await store.context().close();
});

test("a rejected return shows the reason", async () => {
  await applicant.tap("Kembalikan sisa");
  await applicant.tap("Semua isi tas");
  await applicant.tap("Ajukan 1 barang");
  // The chat has an earlier message with the same words, so the return itself is waited for.
  const requested = async () => (await admin.get("/inventory/bag-returns?status=requested")).items;
  await expect.poll(async () => (await requested()).length).toBe(1);
  const [back] = await requested();
  await navigate(page, `/inventory/returns/${back.id}`);
  await page.getByTestId("reject").click();
  const dialog = page.getByTestId("reject-dialog");
  await dialog.getByTestId("send-rejection").click();
  await expect(dialog).toContainText("Wajib diisi.");
  await dialog.getByTestId("field-reason").fill("Barang belum diserahkan");
  await dialog.getByTestId("send-rejection").click();
  await expect(page.getByTestId("return-reason")).toHaveText("Barang belum diserahkan");
  await applicant.reads("tidak diterima gudang: Barang belum diserahkan");
});

test("an undelivered message is listed, and is sent once the bot is unblocked", async () => {
  await office.act({ do: "block" });
  await navigate(page, "/");
  const other = await telegram.user(5_003, "Rina di HP");
  await fillIn(other, "Rina Wati", "+6281234500012", "Depok");
  await other.tap("Kirim");
  await page.getByTestId("waiting-dead-messages").click();
  const row = page.getByTestId("notification-row").filter({ hasText: "Rina Wati" });
  await expect(row.getByTestId("notification-status")).toContainText("Gagal");
  await expect(row.getByTestId("notification-failure")).toContainText("Telegram diblokir oleh penerima");
  expect(await pageFaults(page, "messages")).toEqual([]);
  await office.act({ do: "unblock" });
  await office.reads("Rina Wati");
  await navigate(page, "/notifications?status=sent");
  await expect(page.getByTestId("notification-row").filter({ hasText: "Rina Wati" })).toBeVisible();
});

test("the chat can be unlinked", async () => {
  await navigate(page, "/profile");
  await page.getByTestId("telegram-unlink").click();
  await page.getByTestId("confirm").click();
  await expect(page.getByTestId("telegram-link")).toBeVisible();
  await office.send("/admin");
  await office.reads("Silakan masuk dulu");
  expect(errors).toEqual([]);
});
