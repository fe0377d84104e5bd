import { expect, test } from "vitest";
import { between } from "./bulk";

test("a click with Shift selects all rows between, whichever was clicked first", () => {
  expect(between(2, 4)).toEqual([2, 3, 4]);
  expect(between(4, 2)).toEqual([2, 3, 4]);
  expect(between(3, 3)).toEqual([3]);
});
