import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./server";

for (const colorScheme of ["light", "dark"] as const) {
  test(`the application starts without an error, readable by everyone (${colorScheme})`, async ({ browser, server }) => {
    const context = await browser.newContext({ colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("requestfailed", (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`));

    await page.goto(server.url);
    await expect(page.locator("#boot")).toHaveCount(0);
    await expect(page.getByRole("button").first()).toBeVisible();
    expect(problems).toEqual([]);

    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    await context.close();
  });
}

// The aim is 450 KB; docs/PERFORMANCE.md says where it stands. This keeps it from growing meanwhile.
test("the first load does not grow beyond 600 KB over the wire", async ({ page, server }) => {
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(server.url);
  await expect(page.locator("#boot")).toHaveCount(0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(600 * 1024);
});
