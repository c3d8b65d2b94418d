import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, expect, type Page } from "@playwright/test";

/** Signs in through the login page. */
export async function signIn(page: Page, url: string, username: string, password: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId("field-username").fill(username);
  await page.getByTestId("field-password").fill(password);
  await page.getByTestId("sign-in").click();
  await isLive(page);
}

/** Signs out through the account menu. */
export async function signOut(page: Page): Promise<void> {
  await page.getByTestId("account").click();
  await page.getByTestId("sign-out").click();
  await expect(page.getByTestId("sign-in")).toBeVisible();
}

/** Fills a new password in and waits for the opinion about it. */
export async function newPassword(page: Page, name: string, password: string): Promise<void> {
  await page.getByTestId(`field-${name}`).fill(password);
  await expect(page.getByTestId(`strength-${name}`)).toHaveAttribute("data-score", /^[34]$/);
}

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What is wrong with a page as it stands: too wide, or hard to use for somebody. */
export async function faults(page: Page, where: string): Promise<string[]> {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`${scrollWidth} px wide in ${clientWidth}`] : [];
  });
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const words = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  return [...wide, ...words].map((fault) => `${where}: ${fault}`);
}

/** Waits until the page has its live connection. */
export async function isLive(page: Page): Promise<void> {
  await expect(page.getByTestId("live-status")).toHaveAttribute("data-state", "live");
}

/** Goes to a page of the application by its address, in the page that is there: nothing is loaded anew. */
export async function open(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    const link = document.createElement("a");
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await expect(page).toHaveURL((url) => url.pathname + url.search === path);
}

/** Collects what went wrong in a page: uncaught errors, errors on the console, requests that failed. */
export function problems(page: Page): string[] {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") found.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // A page that is left gives up what it was still loading.
    if (why !== "net::ERR_ABORTED") found.push(`request: ${request.url()} ${why}`);
  });
  return found;
}

/** Marks a page, so that it can be proved later that nothing was loaded anew since. */
export async function mark(page: Page): Promise<() => Promise<void>> {
  const mark = `${Math.random()}`;
  let navigations = 0;
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) navigations += 1;
  });
  await page.evaluate((text) => Object.assign(window, { e2eMark: text }), mark);
  return async () => {
    expect(await page.evaluate(() => (window as any).e2eMark)).toBe(mark);
    expect(navigations).toBe(0);
  };
}

/** A small real JPEG, drawn and encoded by the browser. */
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
