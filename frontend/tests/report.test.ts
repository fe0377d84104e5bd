import { beforeEach, expect, test } from "vitest";
import { keepDraft } from "../src/report";

const FORM = `<form data-draft="report"><textarea name="description" data-keep></textarea>
  <input name="phone"><input name="key" type="hidden" value="k1"></form>`;

function open(): HTMLFormElement {
  document.body.innerHTML = FORM;
  const form = document.querySelector("form") as HTMLFormElement;
  keepDraft(form);
  return form;
}
function type(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name) as HTMLInputElement;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

beforeEach(() => localStorage.clear());

test("what was typed and not sent is offered back, contact data never", () => {
  const first = open();
  type(first, "description", "垃圾桶满了");
  type(first, "phone", "13800001234");
  const again = open();
  expect((again.elements.namedItem("description") as HTMLTextAreaElement).value).toBe("垃圾桶满了");
  expect((again.elements.namedItem("phone") as HTMLInputElement).value).toBe("");
  expect(JSON.stringify(localStorage)).not.toContain("13800001234");
  expect(again.querySelector("[role=status]")).not.toBeNull();
});

test("the restored words can be cleared away for good", () => {
  type(open(), "description", "垃圾桶满了");
  open().querySelector<HTMLButtonElement>("[role=status] button")?.click();
  const again = open();
  expect((again.elements.namedItem("description") as HTMLTextAreaElement).value).toBe("");
});

test("words that the server sent back win over a draft", () => {
  type(open(), "description", "旧的");
  document.body.innerHTML = FORM.replace("</textarea>", "新的</textarea>");
  const form = document.querySelector("form") as HTMLFormElement;
  keepDraft(form);
  expect((form.elements.namedItem("description") as HTMLTextAreaElement).value).toBe("新的");
});
