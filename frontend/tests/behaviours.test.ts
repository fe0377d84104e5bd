import { beforeEach, expect, test } from "vitest";
import { isTyping, nextRow } from "../src/behaviours/keys";
import { failureText } from "../src/behaviours/requests";
import { toast } from "../src/behaviours/toasts";
import { Draft } from "../src/lib/draft";
import { jpegName, scaled } from "../src/lib/picture";
import { admit } from "../src/photos";

const DAY_MS = 24 * 3600 * 1000;

beforeEach(() => localStorage.clear());

test("rows are walked inside the list, from either end", () => {
  expect(nextRow(-1, 1, 3)).toBe(0);
  expect(nextRow(-1, -1, 3)).toBe(2);
  expect(nextRow(2, 1, 3)).toBe(2);
  expect(nextRow(0, -1, 3)).toBe(0);
  expect(nextRow(-1, 1, 0)).toBe(-1);
});

test("a key pressed in a field, or with Ctrl, is not a shortcut", () => {
  document.body.innerHTML = `<input><p></p>`;
  const press = (selector: string, init: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent("keydown", { key: "j", bubbles: true, ...init });
    document.querySelector(selector)?.dispatchEvent(event);
    return isTyping(event);
  };
  expect(press("input")).toBe(true);
  expect(press("p")).toBe(false);
  expect(press("p", { ctrlKey: true })).toBe(true);
});

test("a conflict shows the server's own sentence, but never a page of markup", () => {
  expect(failureText(409, "陈工刚刚派遣了这件事。")).toBe("陈工刚刚派遣了这件事。");
  expect(failureText(409, "<html>…")).toContain("刚刚改过");
  expect(failureText(0)).toContain("网络不通");
  expect(failureText(403)).toContain("登录已过期");
});

test("an error is spoken as an alert and stays; its text is never markup", () => {
  document.body.innerHTML = `<div id="toasts"></div>`;
  const box = toast("<b>x</b>", "danger");
  expect(box.getAttribute("role")).toBe("alert");
  expect(box.querySelector("b")).toBeNull();
  expect(document.getElementById("toasts")?.contains(box)).toBe(true);
});

test("over an open dialog a message is shown inside it, where it can be read and closed", () => {
  document.body.innerHTML = `<dialog open></dialog><div id="toasts"></div>`;
  const box = toast("已保存", "danger");
  expect(box.parentElement?.tagName).toBe("DIALOG");
});

test("a draft comes back within a day and not after", () => {
  const draft = new Draft("report", localStorage);
  draft.write({ words: "路灯不亮" }, 0);
  expect(draft.read(DAY_MS - 1)).toEqual({ words: "路灯不亮" });
  expect(draft.read(DAY_MS)).toEqual({});
  draft.clear();
  expect(draft.read(1)).toEqual({});
});

test("an unreadable draft is no draft", () => {
  localStorage.setItem("wangge:draft:report", "{broken");
  expect(new Draft("report", localStorage).read(0)).toEqual({});
});

test("photos shrink to 2000 pixels in their own shape and are never enlarged", () => {
  expect(scaled(4000, 3000, 2000)).toEqual([2000, 1500]);
  expect(scaled(3000, 4000, 2000)).toEqual([1500, 2000]);
  expect(scaled(640, 480, 2000)).toEqual([640, 480]);
  expect(scaled(10000, 1, 2000)).toEqual([2000, 1]);
});

test("no more photos are taken than there is room for", () => {
  expect(admit(4, ["a", "b", "c"], 6)).toEqual([["a", "b"], 1]);
  expect(admit(6, ["a"], 6)).toEqual([[], 1]);
});

test("a re-encoded photo is named as what it is", () => {
  expect(jpegName("IMG.2026.HEIC")).toBe("IMG.2026.jpg");
  expect(jpegName(".png")).toBe("photo.jpg");
});
