import { expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { faults, open, problems, signIn } from "./browser";
import { ADMIN, Server } from "./server";
import { type Person, Telegram } from "./telegram";

// One story, told in the order in which it happens.
test.describe.configure({ mode: "serial" });

const PASSWORD = "Kerja-Tiap-Hari-1";

let telegram: Telegram;
let server: Server;
let admin: Api;
let page: Page;
let office: Person;
let applicant: Person;
let errors: string[];

test.beforeAll(async ({ browser }) => {
  telegram = await Telegram.start();
  server = await Server.start({ ...telegram.env, RATE_LIMIT_MAX_REQUESTS: "100000" });
  admin = await Api.login(server.url, ADMIN.username, ADMIN.password);
  office = await telegram.person(5_001, "Ratna");
  applicant = await telegram.person(5_002, "Budi di HP");
  page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  errors = problems(page);
});

test.afterAll(async () => {
  await page?.context().close();
  await server?.stop();
  await telegram?.stop();
});

/** Answers the bot's questions up to the summary. */
async function fillIn(person: Person, name: string, phone: string, area: string): Promise<void> {
  await person.send("/start");
  await person.reads("1/5 Nama");
  await person.send(name);
  await person.reads("2/5 Nomor HP");
  await person.act({ do: "contact", phone, own: true });
  await person.reads("3/5 Area");
  await person.tap(area);
  await person.tap("Pemasangan");
  await person.tap("Lanjut");
  await person.reads("5/5 Foto KTP");
  await person.tap("Lewati");
}

test("a phone is linked by the code of the profile page, and the page sees it by itself", async () => {
  await signIn(page, server.url, ADMIN.username, ADMIN.password);
  await open(page, "/profile");
  await page.getByTestId("telegram-link").click();
  const dialog = page.getByTestId("telegram-dialog");
  await dialog.getByTestId("field-current_password").fill("salah");
  await dialog.getByTestId("submit").click();
  await expect(dialog).toContainText("Kata sandi saat ini salah.");
  errors.length = 0; // The browser notes the refusal.
  await dialog.getByTestId("field-current_password").fill(ADMIN.password);
  await dialog.getByTestId("submit").click();
  await expect(dialog.getByTestId("telegram-qr")).toBeVisible();
  expect(await faults(page, "code")).toEqual([]);
  await office.send((await dialog.getByTestId("link-code").textContent())!);
  await office.reads("sekarang terhubung ke akun");
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId("telegram-unlink")).toBeVisible();
});

test("areas are set, and an applicant chooses among them", async () => {
  await open(page, "/settings");
  await page.getByTestId("field-service_areas").fill("Depok\n\n Ngaglik ");
  await page.getByTestId("settings-form").getByTestId("submit").click();
  await expect.poll(async () => (await admin.get("/settings")).service_areas).toEqual(["Depok", "Ngaglik"]);
  await fillIn(applicant, "Budi Santoso", "+6281234500011", "Ngaglik");
});

test("the dashboard says by itself that somebody applies, and the queue lets them in", async () => {
  await open(page, "/");
  await expect(page.getByTestId("waiting-technicians")).toBeHidden();
  await applicant.tap("Kirim");
  await office.reads("Pendaftaran teknisi baru");
  await page.getByTestId("waiting-technicians").click();
  const queue = page.getByTestId("registrations");
  await expect(queue).toContainText("Budi Santoso");
  await expect(queue).toContainText("Ngaglik");
  expect(await faults(page, "queue")).toEqual([]);
  await queue.getByTestId("approve").click();
  await page.getByTestId("confirm").click();
  await expect(queue).toBeHidden();
  const told = await applicant.reads("Selamat, Anda diterima");
  expect(told).toContain("budi.santoso");
  await office.reads("diterima sebagai teknisi");
  await expect(page.getByTestId("technician-row").filter({ hasText: "Budi Santoso" })).toBeVisible();
});

test("leftovers are named in the chat and counted in the browser", async ({ browser }) => {
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
  const wrong = problems(store);
  await signIn(store, server.url, "gudang", PASSWORD);
  await open(store, "/inventory");

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
  expect(await faults(store, "count")).toEqual([]);
  await store.getByTestId("take-in").click();
  await expect(store.getByTestId("return-status")).toContainText("Diterima");
  await expect(store.getByTestId("return-line")).toContainText("75");
  await expect(store.getByTestId("return-line")).toContainText("diajukan 80");
  expect(await applicant.reads("diterima gudang")).toContain("75 m Kabel dropcore (diajukan 80 m)");
  await applicant.send("/bag");
  await applicant.reads("• 5 m Kabel dropcore");
  expect(wrong).toEqual([]);
  await store.context().close();
});

test("a return that is turned down says why", async () => {
  await applicant.tap("Kembalikan sisa");
  await applicant.tap("Semua isi tas");
  await applicant.tap("Ajukan 1 barang");
  await applicant.reads("menunggu gudang");
  const [back] = (await admin.get("/inventory/bag-returns?status=requested")).items;
  await open(page, `/inventory/returns/${back.id}`);
  await page.getByTestId("reject").click();
  const dialog = page.getByTestId("reject-dialog");
  await dialog.getByTestId("send-rejection").click();
  await expect(dialog).toContainText("Wajib diisi.");
  await dialog.getByTestId("field-reason").fill("Barang belum diserahkan");
  await dialog.getByTestId("send-rejection").click();
  await expect(page.getByTestId("return-reason")).toHaveText("Barang belum diserahkan");
  await applicant.reads("tidak diterima gudang: Barang belum diserahkan");
});

test("a message that could not be brought is told, and sent again by a button", async () => {
  await office.act({ do: "block" });
  await open(page, "/");
  const other = await telegram.person(5_003, "Rina di HP");
  await fillIn(other, "Rina Wati", "+6281234500012", "Depok");
  await other.tap("Kirim");
  await page.getByTestId("waiting-dead-messages").click();
  const row = page.getByTestId("notification-row").filter({ hasText: "Rina Wati" });
  await expect(row.getByTestId("notification-status")).toContainText("Gagal");
  await expect(row.getByTestId("notification-failure")).toContainText("menghentikan bot");
  expect(await faults(page, "messages")).toEqual([]);
  await office.act({ do: "unblock" });
  await row.getByTestId("retry").click();
  await office.reads("Rina Wati");
  await open(page, "/notifications?status=sent");
  await expect(page.getByTestId("notification-row").filter({ hasText: "Rina Wati" })).toBeVisible();
});

test("the phone is let go again", async () => {
  await open(page, "/profile");
  await page.getByTestId("telegram-unlink").click();
  await page.getByTestId("confirm").click();
  await expect(page.getByTestId("telegram-link")).toBeVisible();
  await office.send("/admin");
  await office.reads("Silakan masuk dulu");
  expect(errors).toEqual([]);
});
