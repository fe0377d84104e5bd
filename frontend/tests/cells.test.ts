import { expect, test } from "vitest";
import { cells, nextCell } from "../src/behaviours/cells";

test("arrows stay inside and another row takes the nearest cell", () => {
  const rows = [4, 0, 2];
  expect(nextCell(rows, { row: 0, cell: 3 }, "ArrowDown")).toEqual({ row: 2, cell: 1 });
  expect(nextCell(rows, { row: 2, cell: 0 }, "ArrowUp")).toEqual({ row: 0, cell: 0 });
  expect(nextCell(rows, { row: 0, cell: 3 }, "ArrowRight")).toBeNull();
  expect(nextCell(rows, { row: 0, cell: 1 }, "ArrowLeft")).toEqual({ row: 0, cell: 0 });
  expect(nextCell(rows, { row: 0, cell: 1 }, "Enter")).toBeNull();
});

test("an arrow moves the focus to the flat below", () => {
  document.body.innerHTML = `<table data-cells><tbody><tr><td><a href="#a">301</a></td></tr><tr><td><a href="#b">201</a></td></tr></tbody></table>`;
  cells();
  const [up, down] = document.querySelectorAll("a");
  up?.focus();
  up?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true }));
  expect(document.activeElement).toBe(down);
});
