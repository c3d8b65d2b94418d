import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import budget from "../size-budget.json" with { type: "json" };

// The size of the release build over the wire (brotli), compared with the budget. Whoever exceeds it on purpose
// changes the budget in the same commit.

/** What the build has written, in bytes. */
interface Sizes {
  /** Everything until the sign-in page can be used. */
  first_load: number;
  /** The frame of every page of somebody who is signed in. */
  frame: number;
  /** What is loaded in the background after the first page. */
  common: number;
  /** What a page, or a part of one, loads in addition. */
  further_page: Record<string, number>;
}

function sizes(): Sizes {
  const path = process.env.ISP_SPA_SIZES;
  if (!path) throw new Error("ISP_SPA_SIZES is not set: start the tests by `cargo xtask test e2e`");
  return JSON.parse(readFileSync(path, "utf8"));
}

for (const part of ["first_load", "frame", "common"] as const) {
  test(`the size of ${part} stays within its budget`, () => {
    expect(sizes()[part]).toBeGreaterThan(0);
    expect(sizes()[part]).toBeLessThanOrEqual(budget[part]);
  });
}

test("each further page stays within its budget", () => {
  const exceptions: Record<string, number> = budget.exceptions;
  const pages = Object.entries(sizes().further_page);
  expect(pages.length).toBeGreaterThan(30);
  const tooLarge = pages.filter(([page, size]) => size > (exceptions[page] ?? budget.further_page));
  expect(tooLarge).toEqual([]);
  const needless = Object.keys(exceptions).filter((page) => !(sizes().further_page[page] > budget.further_page));
  expect(needless, "exceptions that are not needed any more").toEqual([]);
});
