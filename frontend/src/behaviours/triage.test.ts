import { expect, test } from "vitest";
import { nextOpen } from "./triage";

test("after a move the next row that is not done comes, then those left above, then none", () => {
  expect(nextOpen([false, true, true, false], 1)).toBe(3);
  expect(nextOpen([false, true, true, true], 3)).toBe(0);
  expect(nextOpen([true, true], 0)).toBe(-1);
});
