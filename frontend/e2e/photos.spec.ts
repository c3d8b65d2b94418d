import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { drawJpeg, navigate, pageFaults, signIn } from "./browser";
import { withExif } from "./exif";
import { DEMO_PASSWORD, Server } from "./server";

/** A picture that another program has written. */
const HEIC = fileURLToPath(new URL("../../crates/pictures/tests/files/iphone.heic", import.meta.url));
/** Where and when the photo is taken: Ngaglik, Sleman, at 09:15. */
const SHOT = { latitude: -7.71, longitude: 110.4075, taken: "2026:11:23 09:15:00", offset: "+07:00" };

let server: Server;
let superadmin: Api;
let job: any;

test.beforeAll(async () => {
  server = await Server.start({ RATE_LIMIT_MAX_REQUESTS: "100000" }, ["--demo"]);
  superadmin = await Api.login(server.url, "superadmin", DEMO_PASSWORD);
  job = (await superadmin.get("/jobs?status=in_progress")).items[0];
});

test.afterAll(async () => {
  await server?.stop();
});

const stored = async (): Promise<any[]> => (await superadmin.get(`/jobs/${job.id}/photos`)).items;
const queued = (page: Page, state: string) => page.locator(`[data-testid="queued-photo"][data-state="${state}"]`);
const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: "image/jpeg", buffer });

async function openJob(page: Page): Promise<void> {
  // Lets a test see what was sent, and lose the responses to uploads.
  await page.addInitScript(() => {
    const state = Object.assign(window as any, { sentBytes: [] as number[], loseResponses: false });
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (body) {
      const file = body instanceof FormData ? body.get("file") : null;
      if (file instanceof Blob) state.sentBytes.push(file.size);
      return send.call(this, body);
    };
    const status = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, "status")!;
    Object.defineProperty(XMLHttpRequest.prototype, "status", {
      get() {
        return state.loseResponses ? 0 : status.get!.call(this);
      },
    });
  });
  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  await navigate(page, `/jobs/${job.id}`);
  await expect(page.getByTestId("job-number")).toBeVisible();
}

/** Draws a photo of twelve megapixels with some grain, as a camera makes it. */
async function drawLargeJpeg(context: BrowserContext): Promise<Buffer> {
  const page = await context.newPage();
  const base64 = await page.evaluate(() => {
    const tile = document.createElement("canvas");
    [tile.width, tile.height] = [256, 256];
    const grain = tile.getContext("2d")!;
    const pixels = grain.createImageData(256, 256);
    for (let at = 0; at < pixels.data.length; at += 4) {
      const light = 100 + Math.floor(Math.random() * 80);
      pixels.data.set([light, light, light, 255], at);
    }
    grain.putImageData(pixels, 0, 0);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [4000, 3000];
    const draw = canvas.getContext("2d")!;
    draw.fillStyle = draw.createPattern(tile, "repeat")!;
    draw.fillRect(0, 0, 4000, 3000);
    return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
  });
  await page.close();
  return Buffer.from(base64, "base64");
}

test("a large photo is sent at the size that is kept, upright, with its time and position", async ({ page, context }) => {
  const chosen = withExif(await drawLargeJpeg(context), { ...SHOT, orientation: 6 });
  expect(chosen.length).toBeGreaterThan(2_000_000);
  const before = (await stored()).length;
  await openJob(page);
  await page.getByTestId("photo-file").setInputFiles(jpeg("IMG_0815.jpg", chosen));
  await expect.poll(async () => (await stored()).length, { timeout: 30_000 }).toBe(before + 1);
  await expect(page.getByTestId("queued-photos")).toHaveCount(0);
  const [sent] = await page.evaluate(() => (window as any).sentBytes);
  expect(sent).toBeLessThan(chosen.length * 0.7);
  const photo = (await stored()).at(-1);
  expect([photo.width, photo.height]).toEqual([1920, 2560]);
  expect(photo.latitude).toBeCloseTo(SHOT.latitude, 4);
  expect(new Date(photo.taken_at).toISOString()).toBe("2026-11-23T02:15:00.000Z");
});

test("photos without a connection wait in the list and are sent when it is back", async ({ page, context }) => {
  const picture = await drawJpeg(context);
  const before = (await stored()).length;
  await page.setViewportSize({ width: 360, height: 800 });
  await openJob(page);
  await context.setOffline(true);
  await page.getByTestId("photo-file").setInputFiles([jpeg("satu.jpg", picture), jpeg("dua.jpg", picture)]);
  await expect(queued(page, "no_connection")).toHaveCount(2);
  await expect(queued(page, "no_connection").first()).toContainText("Menunggu koneksi");
  expect(await pageFaults(page, "waiting photos")).toEqual([]);
  await context.setOffline(false);
  await expect(page.getByTestId("queued-photo")).toHaveCount(0, { timeout: 30_000 });
  expect((await stored()).length).toBe(before + 2);
});

test("a photo whose response was lost is stored once, and after a reload nothing seems to be on its way", async ({ page, context }) => {
  const picture = await drawJpeg(context);
  const before = (await stored()).length;
  await openJob(page);
  await page.evaluate(() => Object.assign(window, { loseResponses: true }));
  await page.getByTestId("photo-file").setInputFiles(jpeg("tiga.jpg", picture));
  await expect(queued(page, "no_connection")).toHaveCount(1);
  expect((await stored()).length).toBe(before + 1);
  // It stays while another page is open.
  await navigate(page, "/customers");
  await navigate(page, `/jobs/${job.id}`);
  await expect(queued(page, "no_connection")).toHaveCount(1);
  await page.evaluate(() => Object.assign(window, { loseResponses: false }));
  await page.getByTestId("retry-photo").click();
  await expect(page.getByTestId("queued-photo")).toHaveCount(0);
  expect((await stored()).length).toBe(before + 1);

  await page.evaluate(() => Object.assign(window, { loseResponses: true }));
  await page.getByTestId("photo-file").setInputFiles(jpeg("empat.jpg", picture));
  await expect(queued(page, "no_connection")).toHaveCount(1);
  await page.reload();
  await expect(page.getByTestId("job-number")).toBeVisible();
  await expect(page.getByTestId("photo").first()).toBeVisible();
  await expect(page.getByTestId("queued-photo")).toHaveCount(0);
});

test("a format that the server refuses stays in the list with its advice", async ({ page }) => {
  await openJob(page);
  const heic = { name: "IMG.HEIC", mimeType: "image/heic", buffer: readFileSync(HEIC) };
  await page.getByTestId("photo-file").setInputFiles(heic);
  await expect(queued(page, "refused")).toContainText("Paling Kompatibel");
  await page.getByTestId("drop-photo").click();
  await expect(page.getByTestId("queued-photo")).toHaveCount(0);
});
