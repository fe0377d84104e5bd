/** Small pieces of the screens. */
import { icon, make } from "../lib/dom";
import { say } from "../lib/text";

type Child = Node | string | null | undefined | false;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  css: string,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = make(tag, css ? { class: css } : {});
  element.append(...children.filter((child): child is Node | string => Boolean(child) || child === ""));
  return element;
}

/** A button; while `act` runs it takes no second tap. */
export function button(
  label: string,
  act: () => unknown,
  options: { icon?: string; css?: string; name?: string } = {},
): HTMLButtonElement {
  const made = make("button", { type: "button", class: `f-button ${options.css ?? ""}` });
  if (options.icon) made.append(icon(options.icon));
  if (label) made.append(h("span", "", label));
  if (options.name) made.setAttribute("aria-label", options.name);
  made.addEventListener("click", async () => {
    if (made.getAttribute("aria-disabled") === "true") return;
    made.setAttribute("aria-disabled", "true");
    try {
      await act();
    } finally {
      made.removeAttribute("aria-disabled");
    }
  });
  return made;
}

export function note(tone: "info" | "success" | "warning" | "danger", ...children: Child[]): HTMLElement {
  const signs = {
    info: "info-circle",
    success: "circle-check",
    warning: "alert-triangle",
    danger: "alert-circle",
  };
  const box = h("div", `note note-${tone}`, icon(signs[tone]), h("div", "", ...children));
  box.setAttribute("role", tone === "danger" ? "alert" : "status");
  return box;
}

/** A mark with colour, sign and word: never colour alone. */
export function mark(tone: string, sign: string, text: string): HTMLElement {
  return h("span", `tag tone-${tone}`, icon(sign), text);
}

export function section(title: string, count: number | null, ...children: Child[]): HTMLElement {
  const heading = h("h2", "f-heading", title, count !== null && h("span", "f-count", String(count)));
  return h("section", "f-section", heading, ...children);
}

/** Somebody by name, with a button that calls them when there is a phone. */
export function person(name: string, phone: string): HTMLElement {
  const call = make("a", { class: "f-button", href: `tel:${phone}` }, say("打电话", "Call"), ` ${phone}`);
  return h("div", "f-row f-person", h("b", "", name), phone ? call : null);
}

export function empty(text: string): HTMLElement {
  return h("p", "f-empty", text);
}

let fields = 0;

/** A field with its label, and the place where what is wrong is said. */
export function field(
  label: string,
  control: HTMLElement,
  required = false,
): HTMLElement & { wrong(text: string): void } {
  fields += 1;
  const input = control.matches("input, textarea, select") ? control : null;
  const title = make("label", { class: "f-label" }, label);
  if (required) title.append(h("span", "f-required", say("必填", "required")));
  const fault = make("p", { class: "f-wrong", id: `wrong-${fields}`, role: "alert", hidden: "" });
  const box = h("div", "f-field", title, control, fault);
  if (input) {
    input.id = `field-${fields}`;
    title.setAttribute("for", input.id);
  } else {
    title.id = `field-${fields}`;
    control.setAttribute("role", "group");
    control.setAttribute("aria-labelledby", title.id);
  }
  return Object.assign(box, {
    wrong(text: string) {
      fault.textContent = text;
      fault.hidden = !text;
      control.toggleAttribute("aria-invalid", Boolean(text));
      if (text) control.setAttribute("aria-describedby", fault.id);
    },
  });
}

/** Choices of which one is taken, as large buttons. */
export function choices(
  offered: { value: string; label: string; hint?: string }[],
  chosen: string | null,
  choose: (value: string) => void,
  css = "",
): HTMLElement {
  fields += 1;
  const name = `choice-${fields}`;
  const box = h("div", `f-choices ${css}`);
  for (const { value, label, hint } of offered) {
    const input = make("input", { type: "radio", name, value });
    input.checked = value === chosen;
    input.addEventListener("change", () => choose(value));
    box.append(h("label", "f-choice", input, h("span", "", label, hint ? h("small", "", hint) : null)));
  }
  return box;
}

/** A long answer that grows with the words. */
export function longText(value: string, most: number, changed: (value: string) => void): HTMLTextAreaElement {
  const area = make("textarea", { class: "f-input", rows: "2", maxlength: String(most) });
  area.value = value;
  area.addEventListener("input", () => changed(area.value));
  return area;
}

export function line(value: string, most: number, changed: (value: string) => void): HTMLInputElement {
  const input = make("input", {
    class: "f-input",
    type: "text",
    maxlength: String(most),
    autocomplete: "off",
  });
  input.value = value;
  input.addEventListener("input", () => changed(input.value));
  return input;
}

/** Asks before something that cannot be taken back; resolves to the chosen button's value, "" when left. */
export function askPerson(
  title: string,
  text: string,
  answers: { value: string; label: string; css?: string }[],
): Promise<string> {
  const dialog = make("dialog", { class: "f-dialog" }, h("h2", "", title), h("p", "", text));
  const row = h("div", "f-stack");
  for (const { value, label, css } of answers) {
    row.append(button(label, () => dialog.close(value), { css }));
  }
  dialog.append(row);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}

export function told(text: string): void {
  const box = note("success", text);
  box.classList.add("f-toast");
  document.body.append(box);
  setTimeout(() => box.remove(), 4000);
}
