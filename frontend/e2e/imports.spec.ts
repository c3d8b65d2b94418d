import { expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { collectErrors, navigate, pageFaults, signIn } from "./browser";
import { DEMO_PASSWORD, Server } from "./server";

// The step between the choice of a file and its import, on a phone and on a desk.

let server: Server;
let superadmin: Api;

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  server = await Server.start({ RATE_LIMIT_MAX_REQUESTS: "100000" }, ["--demo"]);
  superadmin = await Api.login(server.url, "superadmin", DEMO_PASSWORD);
});

test.afterAll(async () => {
  await server?.stop();
});

async function choose(page: Page, name: string, text: string): Promise<void> {
  const file = { name, mimeType: "text/csv", buffer: Buffer.from(text) };
  await page.getByTestId("import-file").setInputFiles(file);
}

function column(page: Page, heading: string) {
  return page.locator(`[data-testid="import-column"][data-heading="${heading}"]`).getByTestId("import-target");
}

function word(page: Page, text: string) {
  return page.locator(`[data-testid="unknown-word"][data-word="${text}"]`);
}

for (const width of [360, 1280]) {
  // What is chosen is remembered, so each width has headings and words of its own.
  const [person, home, paid] = [`Orang ${width}`, `Rumah ${width}`, `Lunas ${width}`];
  const phone = (last: number) => `0812${width}0${last}00`.padEnd(12, "7");

  test(`columns and words are mapped, rows previewed, imported and undone (${width} px)`, async ({ page }) => {
    const errors = collectErrors(page);
    await page.setViewportSize({ width, height: 900 });
    await signIn(page, `${server.url}/customers/import`, "superadmin", DEMO_PASSWORD);
    await choose(
      page,
      `warga-${width}.csv`,
      `${person};Kontak;${home};Layanan;Status\nSiti ${width};${phone(1)};Jl. Melati;Hemat ${width} 7 Mbps;${paid}\n` +
        `Budi ${width};${phone(2)};Jl. Mawar;Hemat ${width} 7 Mbps;Belum ${width}\nAni ${width};12;Jl. Anggrek;;${paid}\n`,
    );
    // `Kontak` is a known heading; the others are told by a person.
    await expect(column(page, "Kontak")).toHaveValue("field:phone");
    await expect(page.getByTestId("import-columns")).toBeVisible();
    expect(await pageFaults(page, "columns")).toEqual([]);
    await column(page, person).selectOption("field:name");
    await column(page, home).selectOption("field:address");
    await page.getByTestId("check-rows").click();
    await expect(page.getByTestId("report-rows")).toHaveAttribute("data-value", "3");
    await expect(page.getByTestId("report-rejected")).toHaveAttribute("data-value", "3");

    // The plan is made on the spot, and payments are kept in the notes.
    const plan = word(page, `Hemat ${width} 7 Mbps`);
    await plan.getByTestId("make-plan").click();
    await page.getByTestId("field-speed_mbps").fill("7");
    await page.getByTestId("field-price").fill("120000");
    await page.getByTestId("plan-form").getByTestId("submit").click();
    await expect(plan.getByTestId("word-choice")).toHaveValue(`as:HEMAT-${width}-7-MBPS`);
    await expect(word(page, paid).getByTestId("word-choice")).toHaveValue("leave_out");
    await page.locator('[data-testid="unknown-values"][data-field="status"]').getByTestId("note-all").click();
    expect(await pageFaults(page, "unknown words")).toEqual([]);
    await page.getByTestId("check-rows").click();
    await expect(page.getByTestId("report-created")).toHaveAttribute("data-value", "2");
    const first = page.getByTestId("preview-row").first();
    await expect(first).toContainText(`Siti ${width}`);
    await expect(first).toContainText(`HEMAT-${width}-7-MBPS`);
    await expect(first).toContainText(`Status: ${paid}`);
    expect(await pageFaults(page, "preview")).toEqual([]);

    // The rejected row as a file.
    const saved = page.waitForEvent("download");
    await page.getByTestId("download-problems").click();
    expect((await saved).suggestedFilename()).toMatch(/\.xlsx$/);

    await page.getByTestId("import-now").click();
    await expect(page.getByTestId("import-done")).toBeVisible();
    const found = await superadmin.get(`/customers?q=${encodeURIComponent(`Siti ${width}`)}`);
    expect(found.items[0].notes).toBe(`Status: ${paid}`);

    const entry = page.getByTestId("import-entry").filter({ hasText: `warga-${width}.csv` });
    await expect(entry).toContainText("2 ditambah");
    await entry.getByTestId("undo-import").click();
    expect(await pageFaults(page, "undo")).toEqual([]);
    await page.getByTestId("undo-dialog").getByTestId("confirm").click();
    await expect(entry).toHaveAttribute("data-status", "undone");
    expect((await superadmin.get(`/customers?q=${encodeURIComponent(`Siti ${width}`)}`)).items).toEqual([]);
    expect(errors).toEqual([]);
  });

  test(`what was chosen for headings is remembered, and changes show old beside new (${width} px)`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await signIn(page, `${server.url}/customers/import`, "superadmin", DEMO_PASSWORD);
    const file = (street: string) => `${person};Kontak;${home}\nRina ${width};${phone(3)};${street}\n`;
    await choose(page, "satu.csv", file("Jl. Lama"));
    await expect(column(page, person)).toHaveValue("field:name");
    await page.getByTestId("import-now").click();
    await expect(page.getByTestId("import-done")).toBeVisible();
    await choose(page, "dua.csv", file("Jl. Baru"));
    await expect(page.getByTestId("report-updated")).toHaveAttribute("data-value", "1");
    const row = page.getByTestId("preview-row").first();
    await expect(row.locator("del")).toHaveText("Jl. Lama");
    await expect(row.locator("ins")).toHaveText("Jl. Baru");
    // Whoever has been changed since the import keeps it from being undone.
    await page.getByTestId("import-now").click();
    await expect(page.getByTestId("import-done")).toBeVisible();
    await expect(page.getByTestId("import-entry").first()).toContainText("dua.csv");
    const older = page.getByTestId("import-entry").filter({ hasText: "satu.csv" }).first();
    await older.getByTestId("undo-import").click();
    await page.getByTestId("undo-dialog").getByTestId("confirm").click();
    await expect(page.getByTestId("undo-dialog")).toContainText(`Rina ${width}`);
  });

  test(`a list without headings is understood by its values (${width} px)`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await signIn(page, `${server.url}/customers`, "superadmin", DEMO_PASSWORD);
    await navigate(page, "/customers/import");
    await choose(page, "polos.csv", `Tono ${"x".repeat(3)};${phone(4)};Jl. Kaliurang km 5\nTini;${phone(5)};Jl. Godean km 4\n`);
    await expect(page.getByTestId("report-created")).toHaveAttribute("data-value", "2");
    await page.getByTestId("import-mapping").locator("summary").click();
    await expect(page.getByTestId("import-has-heading")).not.toBeChecked();
    await expect(column(page, "B")).toHaveValue("field:phone");
    // The other idea of the first row.
    await page.getByTestId("import-has-heading").check();
    await expect(page.getByTestId("report-rows")).toHaveAttribute("data-value", "1");
  });
}
