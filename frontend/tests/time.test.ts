import { afterEach, describe, expect, test } from "vitest";
import { write } from "../src/behaviours/times";
import { absolute, ago, countdown, span } from "../src/lib/time";

const NOW = new Date("2026-11-22T06:00:00Z");
const earlier = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

afterEach(() => {
  document.documentElement.lang = "zh-hans";
});

describe("relative times", () => {
  test.each([
    [20, "刚刚"],
    [60, "1分钟前"],
    [3 * 3600 + 59, "3小时前"],
    [2 * 86400, "2天前"],
    [-7200, "2小时后"],
  ])("%i seconds ago reads %s", (seconds, text) => {
    expect(ago(earlier(seconds), NOW)).toBe(text);
  });

  test("after a month the date stands instead", () => {
    const at = earlier(40 * 86400);
    expect(ago(at, NOW)).toBe(absolute(at).slice(0, 10));
  });

  test("English counts one and many", () => {
    document.documentElement.lang = "en";
    expect(ago(earlier(3600), NOW)).toBe("1 hour ago");
    expect(ago(earlier(7200), NOW)).toBe("2 hours ago");
    expect(ago(earlier(-86400), NOW)).toBe("in 1 day");
  });
});

describe("the clock of a case", () => {
  test("says what is left, and how far it is overdue", () => {
    expect(countdown(earlier(-(2 * 3600 + 15 * 60)), NOW)).toBe("剩 2小时15分钟");
    expect(countdown(earlier(27 * 3600), NOW)).toBe("超期 1天3小时");
    expect(countdown(earlier(-30), NOW)).toBe("不足1分钟");
  });

  test("the moment it falls due is not yet overdue, a second later is", () => {
    expect(countdown(NOW, NOW)).toBe("不足1分钟");
    expect(countdown(earlier(1), NOW)).toContain("超期");
  });

  test("a span never shows more than two units and drops hours after a week", () => {
    expect(span(8 * 86400 + 3600)).toBe("8天");
    expect(span(3600)).toBe("1小时");
  });
});

test("a time element keeps the server's text when its datetime cannot be read", () => {
  const element = document.createElement("time");
  element.dateTime = "soon";
  element.textContent = "明天";
  write(element, NOW);
  expect(element.textContent).toBe("明天");
});

test("a time element tells the absolute time in its title", () => {
  const element = document.createElement("time");
  element.dateTime = "2026-11-22T03:00:00Z";
  element.setAttribute("data-ago", "");
  write(element, NOW);
  expect(element.textContent).toBe("3小时前");
  expect(element.title).toBe(absolute(new Date("2026-11-22T03:00:00Z")));
});
