import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { pageFaults, expectLive, navigate, collectErrors, signIn } from "./browser";
import { DEMO_PASSWORD, Server } from "./server";

// The walks through all pages take longest: the workers share them.
test.describe.configure({ mode: "parallel" });

const WIDTHS = [360, 1280];

let server: Server;
let api: Api;

test.beforeAll(async () => {
  server = await Server.start({ RATE_LIMIT_MAX_REQUESTS: "100000" }, ["--demo"]);
  api = await Api.login(server.url, "superadmin", DEMO_PASSWORD);
  await api.settings({ registration_open: true });
  await api.post("/auth/register", { username: "tamu", name: "Tamu Baru", password: "Teh-Tarik-Sore-88" });
});

test.afterAll(async () => {
  await server?.stop();
});

/** The address of every page, with an example for pages of a single resource. */
async function allPaths(): Promise<string[]> {
  const first = async (path: string) => (await api.get(path)).items[0].id;
  const job = await first("/jobs?status=closed");
  const unfinished = await first("/jobs?status=in_progress");
  const customer = await first("/customers");
  const technician = await first("/technicians");
  const item = (await api.get("/inventory")).items.find((one: { serialized: boolean }) => one.serialized).id;
  const user = await first("/users?role=cs");
  const waiting = await first("/users?pending=true");
  const waitingReturn = await first("/inventory/bag-returns?status=requested");
  const counted = await first("/inventory/bag-returns?status=confirmed");
  return [
    "/",
    "/jobs",
    "/jobs/new",
    `/jobs/${job}`,
    `/jobs/${unfinished}`,
    `/jobs/${unfinished}/edit`,
    "/customers",
    "/customers/new",
    "/customers/import",
    `/customers/${customer}`,
    `/customers/${customer}/edit`,
    "/technicians",
    "/technicians/new",
    `/technicians/${technician}`,
    `/technicians/${technician}/edit`,
    "/inventory",
    "/inventory/new",
    "/inventory/import",
    "/inventory/movements",
    "/inventory/movements/new?kind=receipt",
    "/inventory/movements/new?kind=issue",
    `/inventory/${item}`,
    `/inventory/${item}/edit`,
    "/inventory/locations",
    "/inventory/returns",
    `/inventory/returns/${waitingReturn}`,
    `/inventory/returns/${counted}`,
    "/users",
    "/users/roles",
    `/users/${user}`,
    `/users/${waiting}`,
    "/api-keys",
    "/api-keys/new",
    "/audit",
    "/notifications",
    "/plans",
    "/settings",
    "/profile",
    "/no-such-page",
  ];
}

/** Waits until nothing is loading any more. */
async function waitUntilLoaded(page: Page): Promise<void> {
  await expect(page.locator("h1, [data-testid=empty]").first()).toBeVisible();
  await expect(page.locator(".skeleton, #boot")).toHaveCount(0);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    let context: BrowserContext;
    let page: Page;

    test.beforeAll(async ({ browser }) => {
      context = await browser.newContext({ colorScheme, reducedMotion: "reduce" });
      page = await context.newPage();
    });

    test.afterAll(async () => {
      await context?.close();
    });

    for (const width of WIDTHS) {
      test(`every page is accessible and fits ${width} px`, async () => {
        test.setTimeout(240_000);
        const errors = collectErrors(page);
        const found: string[] = [];
        await page.setViewportSize({ width, height: 800 });
        if (page.url() === "about:blank") {
          await page.goto(server.url);
          await expect(page.getByTestId("sign-in")).toBeVisible();
          found.push(...(await pageFaults(page, "login")));
          await page.getByTestId("to-register").click();
          await expect(page.getByTestId("register-form")).toBeVisible();
          found.push(...(await pageFaults(page, "register")));
          await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
        }
        for (const path of await allPaths()) {
          await navigate(page, path);
          await waitUntilLoaded(page);
          found.push(...(await pageFaults(page, path)));
        }
        expect(found).toEqual([]);
        expect(errors).toEqual([]);
      });
    }

    test("every dialog is accessible and restores the focus", async () => {
      const waiting = (await api.get("/jobs?status=open")).items[0].id;
      await page.setViewportSize({ width: 360, height: 800 });
      await navigate(page, `/jobs/${waiting}`);
      const found: string[] = [];
      for (const [button, dialog] of [
        ["action-assign", "assign-dialog"],
        ["action-cancel", "reason-dialog"],
        ["bottom-more", "more-menu"],
      ]) {
        await page.getByTestId(button).click();
        await expect(page.getByTestId(dialog)).toBeVisible();
        await waitUntilLoaded(page);
        found.push(...(await pageFaults(page, dialog)));
        await page.keyboard.press("Escape");
        await expect(page.getByTestId(dialog)).toBeHidden();
        await expect(page.getByTestId(button)).toBeFocused();
      }
      for (const [path, button, dialog] of [
        ["/audit", "open-entry", "audit-dialog"],
        [`/users/${(await api.get("/users?role=cs")).items[0].id}`, "reset-password", "reset-dialog"],
        ["/profile", "second-factor-on", "second-factor-dialog"],
        ["/inventory/locations", "new-location", "location-dialog"],
      ]) {
        await navigate(page, path);
        await page.getByTestId(button).first().click();
        await expect(page.getByTestId(dialog)).toBeVisible();
        await waitUntilLoaded(page);
        found.push(...(await pageFaults(page, dialog)));
        await page.keyboard.press("Escape");
        await expect(page.getByTestId(dialog)).toBeHidden();
        await expect(page.getByTestId(button).first()).toBeFocused();
      }
      expect(found).toEqual([]);
    });
  });
}

test("a press beside the menu of a phone closes it and reaches nothing else", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  await navigate(page, "/jobs?status=open");
  const menu = page.getByTestId("more-menu");
  await page.getByTestId("bottom-more").click();
  await expect(menu).toBeVisible();
  await page.mouse.click(180, 80);
  await expect(menu).toBeHidden();
  await expect(page).toHaveURL(/\/jobs\?status=open$/);

  // The entry of the open page closes it too, although the page stays.
  await page.getByTestId("bottom-more").click();
  await menu.getByTestId("more-jobs").click();
  await expect(menu).toBeHidden();
  await expect(page).toHaveURL(/\/jobs$/);
});

test("a wrong password is reported, and an empty one at its field", async ({ page }) => {
  await page.goto(`${server.url}/jobs`);
  await page.getByTestId("sign-in").click();
  await expect(page.locator("#f-username-fault")).toHaveText("Wajib diisi.");
  await expect(page.locator("#f-password-fault")).toHaveText("Wajib diisi.");
  await page.getByTestId("field-username").fill("admin");
  await page.getByTestId("field-password").fill("bukan-ini");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("form-error")).toContainText("Nama pengguna atau kata sandi salah.");
  await expect(page.getByTestId("field-username")).toHaveValue("admin");
  await expect(page.getByTestId("field-password")).toHaveValue("");

  await page.getByTestId("lang-en").click();
  await page.getByTestId("field-password").fill("not-this-one");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("form-error")).toContainText("User name or password is wrong.");
  await page.getByTestId("field-password").fill(DEMO_PASSWORD);
  await page.keyboard.press("Enter");
  await expectLive(page);
  // The requested page opens after signing in, and the session survives a reload.
  await expect(page).toHaveURL(`${server.url}/jobs`);
  await page.reload();
  await expectLive(page);
  await page.getByTestId("account").click();
  await page.getByTestId("sign-out").click();
  await expect(page.getByTestId("sign-in")).toBeVisible();
  await page.reload();
  await expect(page.getByTestId("sign-in")).toBeVisible();
});

test("every page of the navigation can be reached by keyboard", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await signIn(page, server.url, "admin", DEMO_PASSWORD);
  await page.locator("body").press("Tab");
  await expect(page.locator('a[href="#main"]')).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();

  const entries = page.locator('nav [data-testid^="nav-"]');
  const count = await entries.count();
  expect(count).toBeGreaterThan(4);
  for (let step = 1; step <= count; step += 1) {
    // The current page comes last.
    const entry = entries.nth(step % count);
    const path = (await entry.getAttribute("href"))!;
    await tabTo(page, entry);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${server.url}${path}`);
    await expect(entry).toHaveAttribute("aria-current", "page");
    // The next Tab continues at the new page, not at the link that led there.
    await expect(page.locator("#main")).toBeFocused();
  }
});

/** Presses Shift+Tab until an element has the focus, within one round of top bar and navigation. */
async function tabTo(page: Page, target: ReturnType<Page["locator"]>): Promise<void> {
  for (let press = 0; press < 40; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Shift+Tab");
  }
  throw new Error("the keyboard does not get there");
}

for (const [username, start, forbidden] of [
  ["manajer", "/", "/customers/new"],
  ["cs", "/", "/users"],
  ["gudang", "/", "/customers"],
  ["joko", "/jobs", "/inventory/import"],
]) {
  test(`${username} starts at ${start} and is refused at ${forbidden}`, async ({ page }) => {
    const errors = collectErrors(page);
    await signIn(page, server.url, username, DEMO_PASSWORD);
    await expect(page).toHaveURL(`${server.url}${start}`);
    await waitUntilLoaded(page);
    expect(await pageFaults(page, start)).toEqual([]);
    await navigate(page, forbidden);
    await expect(page.getByTestId("empty")).toBeVisible();
    expect(errors).toEqual([]);
  });
}

test("events that were missed while offline are delivered afterwards", async ({ page, context }) => {
  const messages: { seq: number; type: string }[] = [];
  const addresses: string[] = [];
  let cut: () => Promise<void> = async () => {};
  await page.routeWebSocket(/\/api\/ws/, (socket) => {
    addresses.push(socket.url());
    const upstream = socket.connectToServer();
    upstream.onMessage((message) => {
      messages.push(JSON.parse(message.toString()));
      socket.send(message);
    });
    cut = async () => {
      await upstream.close();
      await socket.close();
    };
  });
  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  const open = page.getByTestId("status-open");
  const before = Number(await open.textContent());
  const lastSeen = Math.max(...messages.map(({ seq }) => seq));

  await context.setOffline(true);
  await cut();
  await expect(page.getByTestId("live-status")).toHaveAttribute("data-state", "reconnecting");
  const customer = (await api.get("/customers")).items[0].id;
  for (let count = 0; count < 3; count += 1) await api.post("/jobs", { type: "repair", customer_id: customer, confirm_duplicate: true });
  await expect(open).toHaveText(`${before}`);

  messages.length = 0;
  await context.setOffline(false);
  await expectLive(page);
  await expect(open).toHaveText(`${before + 3}`);
  expect(new URL(addresses.at(-1)!).searchParams.get("last_seq")).toBe(`${lastSeen}`);
  expect(messages.filter(({ type }) => type === "job.created")).toHaveLength(3);
  expect(messages.every(({ type, seq }) => type === "ready" || seq > lastSeen)).toBe(true);
  expect(messages.some(({ type }) => type === "resync")).toBe(false);
});
