import { expect, test } from "@playwright/test";
import { Api } from "./api";
import { navigate, signIn } from "./browser";
import { DEMO_PASSWORD, Server } from "./server";

const FOLDER = "../docs/images";

let server: Server;

test.beforeAll(async () => {
  server = await Server.start({}, ["--demo"]);
});

test.afterAll(async () => {
  await server?.stop();
});

test("screenshots of the documentation", async ({ browser }) => {
  const desk = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const page = await desk.newPage();
  await signIn(page, server.url, "admin", DEMO_PASSWORD);
  await expect(page.getByTestId("attention-row").first()).toBeVisible();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${FOLDER}/dashboard.png` });

  const api = await Api.login(server.url, "admin", DEMO_PASSWORD);
  const [job] = (await api.get("/jobs?status=closed&type=repair&limit=1")).items;
  await navigate(page, `/jobs/${job.id}`);
  await expect(page.getByTestId("photo").locator("img").first()).toBeVisible();
  await expect(page.getByTestId("timeline-entry").first()).toBeVisible();
  await page.screenshot({ path: `${FOLDER}/job.png` });
  await desk.close();

  const phone = await browser.newContext({
    viewport: { width: 360, height: 740 },
    colorScheme: "dark",
    reducedMotion: "reduce",
  });
  const small = await phone.newPage();
  await signIn(small, server.url, "admin", DEMO_PASSWORD);
  await navigate(small, "/jobs");
  await expect(small.getByTestId("job-row").first()).toBeVisible();
  await small.screenshot({ path: `${FOLDER}/phone.png` });
  await phone.close();
});
