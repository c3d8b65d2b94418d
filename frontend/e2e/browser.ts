import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, expect, type Page } from "@playwright/test";

/** Signs in through the sign-in page. */
export async function signIn(page: Page, url: string, username: string, password: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId("field-username").fill(username);
  await page.getByTestId("field-password").fill(password);
  await page.getByTestId("sign-in").click();
  await expectLive(page);
}

/** Signs out through the account menu. */
export async function signOut(page: Page): Promise<void> {
  await page.getByTestId("account").click();
  await page.getByTestId("sign-out").click();
  await expect(page.getByTestId("sign-in")).toBeVisible();
}

/** Fills in a new password and waits for its strength. */
export async function fillNewPassword(page: Page, name: string, password: string): Promise<void> {
  await page.getByTestId(`field-${name}`).fill(password);
  await expect(page.getByTestId(`strength-${name}`)).toHaveAttribute("data-score", /^[34]$/);
}

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Returns the layout and accessibility faults of a page as it stands. */
export async function pageFaults(page: Page, where: string): Promise<string[]> {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`${scrollWidth} px wide in ${clientWidth}`] : [];
  });
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const words = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  return [...wide, ...words].map((fault) => `${where}: ${fault}`);
}

/** Waits until the page has its live connection. */
export async function expectLive(page: Page): Promise<void> {
  await expect(page.getByTestId("live-status")).toHaveAttribute("data-state", "live");
}

/** Opens a page of the application by its address without reloading. */
export async function navigate(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    const link = document.createElement("a");
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await expect(page).toHaveURL((url) => url.pathname + url.search === path);
}

/** Collects the errors of a page: uncaught errors, errors on the console, failed requests. */
export function collectErrors(page: Page): string[] {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") found.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // Leaving a page cancels its pending requests.
    if (why !== "net::ERR_ABORTED") found.push(`request: ${request.url()} ${why}`);
  });
  return found;
}

/** Returns a check that the page was not reloaded since. */
export async function trackReloads(page: Page): Promise<() => Promise<void>> {
  const marker = `${Math.random()}`;
  let navigations = 0;
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) navigations += 1;
  });
  await page.evaluate((text) => Object.assign(window, { e2eMarker: text }), marker);
  return async () => {
    expect(await page.evaluate(() => (window as any).e2eMarker)).toBe(marker);
    expect(navigations).toBe(0);
  };
}

/** Returns a small real JPEG, drawn and encoded by the browser. */
export async function drawJpeg(context: BrowserContext): Promise<Buffer> {
  const page = await context.newPage();
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1600, 1200];
    const draw = canvas.getContext("2d")!;
    const sky = draw.createLinearGradient(0, 0, 0, 1200);
    sky.addColorStop(0, "#7fb2e5");
    sky.addColorStop(1, "#e9e2d0");
    draw.fillStyle = sky;
    draw.fillRect(0, 0, 1600, 1200);
    draw.fillStyle = "#333";
    draw.fillRect(780, 200, 40, 1000);
    draw.fillRect(700, 380, 200, 160);
    return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
  });
  await page.close();
  return Buffer.from(base64, "base64");
}
