import { expect, test } from "@playwright/test";
import { Api } from "./api";
import { collectErrors, pageFaults, signIn } from "./browser";
import { ADMIN, Server } from "./server";

// Customers without coordinates are placed on a map, one after the other. Maps have no tiles here.

let server: Server;
let admin: Api;

test.beforeEach(async () => {
  server = await Server.start({ MAP_TILE_URL: "none" });
  admin = await Api.login(server.url, ADMIN.username, ADMIN.password);
});

test.afterEach(async () => {
  await server?.stop();
});

for (const width of [360, 1280]) {
  test(`customers are placed by a click, by a pasted link and by the keyboard (${width} px)`, async ({ page }) => {
    const errors = collectErrors(page);
    await page.setViewportSize({ width, height: 900 });
    const phone = (last: number) => `0813${String(width * 100 + last).padStart(8, "0")}`;
    const rows = ["Ada", "Klik", "Tempel", "Lewat", "Papan"].map(
      (name, index) => `${name} ${width};${phone(index)};Jl. ${name};${index === 0 ? "-7.71, 110.40" : ""}`,
    );
    await admin.upload("/customers/import", "a.csv", Buffer.from(`Nama;HP;Alamat;Koordinat\n${rows.join("\n")}\n`));
    await signIn(page, `${server.url}/customers/place`, ADMIN.username, ADMIN.password);
    const card = page.getByTestId("place-customer");
    const position = page.getByTestId("position");
    const placeOf = async (name: string) => {
      const { latitude, longitude } = (await admin.get(`/customers?q=${encodeURIComponent(`${name} ${width}`)}`)).items[0];
      return [latitude, longitude];
    };

    await expect(card).toContainText(`Klik ${width}`);
    const before = Number(await page.getByTestId("places-left").getAttribute("data-value"));
    await expect(page.getByTestId("save-position")).toBeDisabled();
    expect(await pageFaults(page, "place")).toEqual([]);
    // The map begins where others live.
    await page.getByTestId("map").click({ position: { x: 150, y: 120 } });
    await expect(position).toHaveText(/^-7\.\d+, 110\.\d+$/);
    const clicked = (await position.textContent())?.split(", ").map(Number);
    await page.getByTestId("save-position").click();

    await expect(card).toContainText(`Tempel ${width}`);
    expect(await placeOf("Klik")).toEqual(clicked);
    await expect(position).toHaveText("");
    await page.getByTestId("paste-position").fill("dekat masjid");
    await expect(card).toContainText("Ini bukan koordinat");
    await page.getByTestId("paste-position").fill("https://maps.google.com/?q=-7.7684,110.2791");
    await expect(position).toHaveText("-7.7684, 110.2791");
    await page.getByTestId("save-position").click();

    await expect(card).toContainText(`Lewat ${width}`);
    expect(await placeOf("Tempel")).toEqual([-7.7684, 110.2791]);
    await page.getByTestId("skip-customer").click();

    await expect(card).toContainText(`Papan ${width}`);
    await page.getByTestId("pin-at-center").click();
    await expect(position).toHaveText(/^-7\.\d+, 110\.\d+$/);
    await page.getByTestId("save-position").click();
    await expect(page.getByTestId("all-placed")).toBeVisible();
    expect(await placeOf("Lewat")).toEqual([null, null]);
    // Whoever was passed over comes again next time.
    await page.reload();
    await expect(page.getByTestId("places-left")).toHaveAttribute("data-value", String(before - 3));
    expect(errors).toEqual([]);
  });
}
