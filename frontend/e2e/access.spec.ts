import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Api } from "./api";
import { pageFaults, expectLive, fillNewPassword, navigate, collectErrors, signIn, signOut } from "./browser";
import { ADMIN, DEMO_PASSWORD, Server } from "./server";
import { totp } from "./totp";

const PASSWORD = "Teh-Tarik-Sore-88";

let server: Server;
let superadmin: Api;

test.beforeAll(async () => {
  server = await Server.start({ RATE_LIMIT_MAX_REQUESTS: "100000" }, ["--demo"]);
  superadmin = await Api.login(server.url, "superadmin", DEMO_PASSWORD);
});

test.afterAll(async () => {
  await server?.stop();
});

/** Submits user name and password on the sign-in page. */
async function submitCredentials(page: Page, url: string, username: string, password: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId("field-username").fill(username);
  await page.getByTestId("field-password").fill(password);
  await page.getByTestId("sign-in").click();
}

/** Goes through the set-up of a second factor; returns its secret and the recovery codes. */
async function setUpSecondFactor(page: Page, password: string): Promise<{ secret: string; codes: string[] }> {
  const first = page.getByTestId("second-factor-password");
  await first.getByTestId("field-current_password").fill(password);
  await first.getByTestId("submit").click();
  const confirm = page.getByTestId("second-factor-confirm");
  await expect(confirm.getByTestId("qr")).toBeVisible();
  expect(await pageFaults(page, "second factor")).toEqual([]);
  const secret = (await confirm.getByTestId("totp-secret").textContent())!;
  await confirm.getByTestId("field-otp").fill(await totp(secret, -1));
  await confirm.getByTestId("submit").click();
  await expect(page.getByTestId("recovery-code")).toHaveCount(10);
  const codes = await page.getByTestId("recovery-code").allTextContents();
  expect(await pageFaults(page, "recovery codes")).toEqual([]);
  return { secret, codes };
}

test("a second factor is required after the password, as an app code or a recovery code", async ({ page }) => {
  const errors = collectErrors(page);
  await signIn(page, server.url, "cs", DEMO_PASSWORD);
  await navigate(page, "/profile");
  await page.getByTestId("second-factor-on").click();
  const { secret, codes } = await setUpSecondFactor(page, DEMO_PASSWORD);

  const file = page.waitForEvent("download");
  await page.getByTestId("save-codes").click();
  const kept = await (await file).createReadStream().then(async (stream) => {
    let text = "";
    for await (const chunk of stream) text += chunk;
    return text;
  });
  expect(codes.every((code) => kept.includes(code))).toBe(true);
  await page.getByTestId("codes-kept").click();
  await expect(page.getByTestId("codes-left")).toHaveAttribute("data-value", "10");
  await signOut(page);
  expect(errors).toEqual([]);

  await submitCredentials(page, server.url, "cs", DEMO_PASSWORD);
  const code = page.getByTestId("code-form").getByTestId("field-otp");
  await expect(code).toBeFocused();
  await expect(code).toHaveAttribute("autocomplete", "one-time-code");
  await expect(code).toHaveAttribute("inputmode", "numeric");
  expect(await pageFaults(page, "code")).toEqual([]);
  await code.fill("000000");
  await page.getByTestId("send-code").click();
  await expect(page.locator("#f-otp-fault")).toContainText("Kode salah");
  await code.fill(await totp(secret, 0));
  await page.keyboard.press("Enter");
  await expectLive(page);
  await signOut(page);

  await submitCredentials(page, server.url, "cs", DEMO_PASSWORD);
  await page.getByTestId("other-code").click();
  await page.getByTestId("field-otp").fill(codes[3]);
  await page.getByTestId("send-code").click();
  await expectLive(page);
  await navigate(page, "/profile");
  await expect(page.getByTestId("codes-left")).toHaveAttribute("data-value", "9");

  // Disables it again with another recovery code.
  await page.getByTestId("second-factor-off").click();
  const proof = page.getByTestId("proof-form");
  await proof.getByTestId("field-current_password").fill(DEMO_PASSWORD);
  await proof.getByTestId("field-otp").fill(codes[4]);
  await proof.getByTestId("submit").click();
  await expect(page.getByTestId("second-factor-on")).toBeVisible();
});

test("a registered account can sign in after its approval", async ({ browser, page }) => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const guest = await context.newPage();
  await guest.goto(server.url);
  await expect(guest.getByTestId("sign-in")).toBeVisible();
  await expect(guest.getByTestId("to-register")).toHaveCount(0);

  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  await navigate(page, "/settings");
  await page.getByTestId("field-registration_open").check();
  const saved = page.waitForResponse((answer) => answer.url().endsWith("/api/settings") && answer.request().method() === "PUT");
  await page.getByTestId("settings-form").getByTestId("submit").click();
  expect((await saved).ok()).toBe(true);

  await guest.reload();
  await guest.getByTestId("to-register").click();
  await guest.getByTestId("field-name").fill("Wulan Sari");
  await guest.getByTestId("field-username").fill("wulan");
  const strength = guest.getByTestId("strength-password");
  await guest.getByTestId("field-password").fill("wulan123");
  await expect(strength).toHaveAttribute("data-score", /^[01]$/);
  await expect(strength).toContainText("lemah");
  await fillNewPassword(guest, "password", PASSWORD);
  await guest.getByTestId("register-form").getByTestId("submit").click();
  await expect(guest.getByTestId("registered")).toBeVisible();
  await guest.getByTestId("to-login").click();
  await guest.getByTestId("field-username").fill("wulan");
  await guest.getByTestId("field-password").fill(PASSWORD);
  await guest.getByTestId("sign-in").click();
  await expect(guest.getByTestId("form-error")).toContainText("Nama pengguna atau kata sandi salah.");

  // Everybody who may approve accounts sees it at once, on any page.
  await expect(page.getByTestId("nav-users").getByTestId("waiting")).toContainText("1");
  await page.getByTestId("nav-users").click();
  await page.getByTestId("filter-state").selectOption("pending");
  await page.getByTestId("user-row").getByRole("link", { name: "Wulan Sari" }).click();
  await page.getByTestId("approval-form").getByTestId("field-role").selectOption("cs");
  await page.getByTestId("approve").click();
  await expect(page.getByTestId("user-role")).toHaveText("CS");
  await expect(page.getByTestId("nav-users").getByTestId("waiting")).toHaveCount(0);

  await guest.getByTestId("field-password").fill(PASSWORD);
  await guest.getByTestId("sign-in").click();
  await expectLive(guest);
  await guest.getByTestId("account").click();
  await expect(guest.getByTestId("account-name")).toHaveText("Wulan Sari");
  await context.close();
});

test("ending a session from another device signs it out at once", async ({ browser }) => {
  const contexts: BrowserContext[] = [await browser.newContext(), await browser.newContext()];
  const [here, there] = await Promise.all(contexts.map((context) => context.newPage()));
  await signIn(here, server.url, "manajer", DEMO_PASSWORD);
  await signIn(there, server.url, "manajer", DEMO_PASSWORD);
  await navigate(here, "/profile");
  await expect(here.getByTestId("session-row")).toHaveCount(2);
  await expect(here.getByTestId("session-row").first()).toContainText("perangkat ini");
  await expect(here.getByTestId("login-row").first()).toContainText("Berhasil");
  await here.getByTestId("end-session").click();
  await expect(there.getByTestId("sign-in")).toBeVisible();
  await expect(here.getByTestId("session-row")).toHaveCount(1);
  await expectLive(here);
  for (const context of contexts) await context.close();
});

test("a temporary password is handed over and must be changed at the first sign-in", async ({ page }) => {
  const { id } = (await superadmin.get("/users?q=gudang")).items[0];
  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  await navigate(page, `/users/${id}`);
  await page.getByTestId("reset-password").click();
  const proposed = await page.getByTestId("reset-form").getByTestId("field-password").inputValue();
  expect(proposed).toMatch(/^[A-Za-z2-9-]{19}$/);
  await page.getByTestId("reset-form").getByTestId("submit").click();
  await expect(page.getByTestId("slip")).toContainText(`gudang, kata sandi sementara: ${proposed}`);
  await page.getByTestId("handed-over").click();
  await expect(page.getByTestId("user-state")).toContainText("Kata sandi awal");
  await signOut(page);

  await submitCredentials(page, server.url, "gudang", proposed);
  const form = page.getByTestId("password-form");
  await form.getByTestId("field-current_password").fill(proposed);
  await fillNewPassword(page, "new_password", PASSWORD);
  await form.getByTestId("field-repeat_password").fill("lain");
  await form.getByTestId("save-password").click();
  await expect(page.locator("#f-repeat_password-fault")).toContainText("Tidak sama");
  expect(await pageFaults(page, "new password")).toEqual([]);
  await form.getByTestId("field-repeat_password").fill(PASSWORD);
  await form.getByTestId("save-password").click();
  await expectLive(page);
});

test("a disabled account is signed out at once and cannot sign in again", async ({ browser, page }) => {
  const context = await browser.newContext();
  const there = await context.newPage();
  const made = await superadmin.post("/users", { username: "rina", name: "Rina", role: "cs", password: "Sementara-Saja-1" });
  await Api.firstLogin(server.url, "rina", "Sementara-Saja-1", PASSWORD);
  await signIn(there, server.url, "rina", PASSWORD);
  await signIn(page, server.url, "superadmin", DEMO_PASSWORD);
  await navigate(page, `/users/${made.id}`);
  await page.getByTestId("switch-active").click();
  await expect(page.getByTestId("confirm-dialog").filter({ visible: true })).toContainText("Rina");
  await page.getByTestId("confirm").click();
  await expect(page.getByTestId("user-state")).toContainText("Nonaktif");
  await expect(there.getByTestId("sign-in")).toBeVisible();
  await context.close();
});

test("repeated wrong passwords show how long to wait", async ({ page }) => {
  await page.goto(server.url);
  const form = page.getByTestId("login-form");
  await form.getByTestId("field-username").fill("tidak.ada");
  const wait = page.getByTestId("form-wait");
  for (let attempt = 0; attempt < 8 && !(await wait.isVisible()); attempt += 1) {
    await form.getByTestId("field-password").fill(`salah-${attempt}`);
    const answer = page.waitForResponse((one) => one.url().endsWith("/auth/login"));
    await form.getByTestId("sign-in").click();
    await answer;
    await expect(page.getByTestId("form-error")).toBeVisible();
  }
  await expect(wait).toContainText(/Coba lagi dalam \d+ detik\./);
  await expect(form.getByTestId("sign-in")).toBeDisabled();
  // The form is enabled again by itself.
  await expect(form.getByTestId("sign-in")).toBeEnabled();
  await expect(page.getByTestId("form-error")).toHaveCount(0);
});

test("a required second factor must be set up before anything else", async ({ page }) => {
  const own = await Server.start();
  try {
    const admin = await Api.login(own.url, ADMIN.username, ADMIN.password);
    await signIn(page, own.url, ADMIN.username, ADMIN.password);
    await admin.settings({ require_second_factor: "admins" });
    // The next request of the page leads to the set-up.
    await navigate(page, "/customers");
    await expect(page.getByTestId("second-factor-password")).toBeVisible();
    await setUpSecondFactor(page, ADMIN.password);
    await page.getByTestId("codes-kept").click();
    await expectLive(page);
    await expect(page.getByRole("heading", { level: 1, name: "Pelanggan" })).toBeVisible();
  } finally {
    await own.stop();
  }
});

test("a new installation is set up with the code that the server prints", async ({ page }) => {
  const own = await Server.start({ ADMIN_USERNAME: "", ADMIN_PASSWORD: "" });
  try {
    await page.goto(own.url);
    const form = page.getByTestId("setup-form");
    await expect(form).toBeVisible();
    expect(await pageFaults(page, "set-up")).toEqual([]);
    const code = own.log().match(/\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b/)![0];
    await form.getByTestId("field-code").fill("AAAA-AAAA-AAAA");
    await form.getByTestId("field-name").fill("Siti Rahayu");
    await form.getByTestId("field-username").fill("pemilik");
    await fillNewPassword(page, "password", PASSWORD);
    await form.getByTestId("field-repeat_password").fill(PASSWORD);
    await form.getByTestId("submit").click();
    await expect(page.locator("#f-code-fault")).toContainText("Kode ini bukan kode yang dicetak server.");
    await form.getByTestId("field-code").fill(code.toLowerCase());
    await form.getByTestId("submit").click();
    await expectLive(page);
    await expect(page.getByTestId("nav-settings")).toBeVisible();
  } finally {
    await own.stop();
  }
});
