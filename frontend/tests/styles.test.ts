import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { iconNames, symbol } from "../tools/sprite";
import { contrast } from "./contrast";

/** `--name: light-dark(#aaaaaa, #bbbbbb)` of a style sheet, by name. */
function pairs(file: string): Map<string, [light: string, dark: string]> {
  const css = readFileSync(`src/styles/${file}`, "utf8");
  const found = css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g);
  return new Map([...found].map(([, name = "", light = "", dark = ""]) => [name, [light, dark]]));
}
const parts = pairs("parts.css");
const base = pairs("base.css");
const get = (from: typeof parts, name: string) => from.get(name) ?? (["", ""] as [string, string]);

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("in the %s theme", (_theme, at) => {
  test.each(["green", "yellow", "red", "paused", "ended", "active", "danger"])(
    "the %s badge reads at AA",
    (tone) => {
      expect(contrast(get(parts, `${tone}-fg`)[at], get(parts, `${tone}-bg`)[at])).toBeGreaterThanOrEqual(
        4.5,
      );
    },
  );

  test.each([
    ["ink", "ground"],
    ["muted", "ground"],
    ["muted", "surface"],
    ["accent", "surface"],
    ["accent", "ground"],
    ["accent-strong", "accent-soft"],
    ["side-ink", "side"],
  ])("%s on %s reads at AA", (text, ground) => {
    expect(contrast(get(base, text)[at], get(base, ground)[at])).toBeGreaterThanOrEqual(4.5);
  });

  test("the focus ring is seen on page and surface", () => {
    for (const ground of ["ground", "surface"]) {
      expect(contrast(get(base, "focus")[at], get(base, ground)[at])).toBeGreaterThanOrEqual(3);
    }
  });
});

test("the icon list names each icon once", () => {
  const names = iconNames("icons.txt");
  expect(new Set(names).size).toBe(names.length);
});

test("an icon becomes a symbol without its own size and colour", () => {
  const svg = `<svg width="24" stroke="currentColor"><path stroke="none" d="M0 0h24v24H0z" fill="none" /><path d="M1 1" /></svg>`;
  expect(symbol("dot", svg)).toBe(`<symbol id="dot" viewBox="0 0 24 24"><path d="M1 1" /></symbol>`);
});
