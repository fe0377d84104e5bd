import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { fingerprint, forms, keepKeys, lock, unlock } from "../src/behaviours/forms";

function page(html: string): HTMLFormElement {
  document.body.innerHTML = html;
  return document.querySelector("form") as HTMLFormElement;
}
const FORM = `<form method="post"><input type="hidden" name="key" value="k1"><input name="words" value="">
  <button name="move" value="file">立案</button><button type="button" id="plain">看图</button></form>`;

beforeAll(() => forms());
beforeEach(() => vi.useFakeTimers());

test("a form is sent once, its idempotency key stays, other buttons stay usable", () => {
  const form = page(FORM);
  lock(form);
  vi.runAllTimers();
  expect(form.querySelector<HTMLButtonElement>("[name=move]")?.disabled).toBe(true);
  expect(form.querySelector<HTMLButtonElement>("#plain")?.disabled).toBe(false);
  expect(new FormData(form).get("key")).toBe("k1");
});

test("a form that the browser goes back to keeps the key it had", () => {
  const opened = (key: string) => {
    document.body.innerHTML = `<form method="post"><input type="hidden" name="key" value="${key}"></form>`;
    keepKeys();
    return document.querySelector<HTMLInputElement>("[name=key]")?.value;
  };
  history.replaceState(null, "");
  expect(opened("first")).toBe("first");
  expect(opened("second")).toBe("first");
  history.pushState(null, "");
  expect(opened("third")).toBe("third");
});

test("the second sending of a busy form is stopped", () => {
  const form = page(FORM);
  const sent = vi.fn((event: Event) => event.preventDefault());
  form.setAttribute("aria-busy", "true");
  form.addEventListener("submit", sent);
  const event = new Event("submit", { bubbles: true, cancelable: true });
  form.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  expect(sent).not.toHaveBeenCalled();
});

test("a button that the server disabled stays disabled after unlocking", () => {
  const form = page(`<form method="post"><button id="a"></button><button id="b" disabled></button></form>`);
  lock(form);
  vi.runAllTimers();
  unlock(form);
  expect(form.querySelector<HTMLButtonElement>("#a")?.disabled).toBe(false);
  expect(form.querySelector<HTMLButtonElement>("#b")?.disabled).toBe(true);
});

test("typing changes the fingerprint, a new csrf token does not", () => {
  const form = page(`<form><input name="csrfmiddlewaretoken" value="a"><input name="words" value=""></form>`);
  const before = fingerprint(form);
  (form.elements.namedItem("csrfmiddlewaretoken") as HTMLInputElement).value = "b";
  expect(fingerprint(form)).toBe(before);
  (form.elements.namedItem("words") as HTMLInputElement).value = "满溢";
  expect(fingerprint(form)).not.toBe(before);
});

test("a list is narrowed to the items with all the typed words", () => {
  document.body.innerHTML = `<input data-filters="#list"><ul id="list"><li>06010 暴露垃圾</li><li>06011 积存垃圾渣土</li><li>09005 店外经营</li></ul>`;
  const input = document.querySelector("input") as HTMLInputElement;
  input.value = "垃圾 060";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  expect([...document.querySelectorAll("li")].map((item) => item.hidden)).toEqual([false, false, true]);
});
