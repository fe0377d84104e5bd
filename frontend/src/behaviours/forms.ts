import { each, make, on } from "../lib/dom";
import { say } from "../lib/text";

function submitters(form: HTMLFormElement): HTMLButtonElement[] {
  return [...form.elements].filter(
    (element): element is HTMLButtonElement =>
      element instanceof HTMLButtonElement && element.type === "submit",
  );
}

/** Blocks a second sending of the same form; the hidden idempotency key is left as it is. */
export function lock(form: HTMLFormElement): void {
  form.setAttribute("aria-busy", "true");
  // After this turn, so that the pressed button's own name and value still go along.
  setTimeout(() => {
    for (const button of submitters(form)) {
      if (!button.disabled) {
        button.disabled = true;
        button.dataset.locked = "";
      }
    }
  });
}

export function unlock(form: HTMLFormElement): void {
  form.removeAttribute("aria-busy");
  for (const button of submitters(form)) {
    if ("locked" in button.dataset) {
      button.disabled = false;
      delete button.dataset.locked;
    }
  }
}

function posts(form: HTMLFormElement): boolean {
  return form.method === "post" || form.hasAttribute("hx-post");
}

function submitOnce(): void {
  const stopSecond = (event: SubmitEvent) => {
    const form = event.target as HTMLFormElement;
    if (posts(form) && form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  document.addEventListener("submit", stopSecond, { capture: true });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    // htmx prevents the browser's own sending and sends itself; anybody else's "no" is final.
    if (posts(form) && (!event.defaultPrevented || form.hasAttribute("hx-post"))) lock(form);
  });
  const release = (event: Event) => {
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (form) unlock(form);
  };
  document.addEventListener("htmx:afterRequest", release);
  // A page that the browser brings back with its "back" button comes with its buttons disabled.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[aria-busy]")) unlock(form);
  });
}

/**
 * A form keeps its key with its place in the history: the browser gives back what was typed, and sent
 * again it is the same record, not a second one.
 */
export function keepKeys(): void {
  each<HTMLInputElement>("form input[type=hidden][name=key]", (field) => {
    const held: unknown = history.state?.formKey;
    if (typeof held === "string") field.value = held;
    else history.replaceState({ ...history.state, formKey: field.value }, "");
  });
}

/** The form's present values as one text, to see whether anything was typed. */
export function fingerprint(form: HTMLFormElement): string {
  return [...new FormData(form)]
    .filter(([name]) => name !== "csrfmiddlewaretoken")
    .map(([name, value]) => `${name}=${value instanceof File ? `${value.name}:${value.size}` : value}`)
    .join("\n");
}

function warnUnsaved(): void {
  const clean = new Map<HTMLFormElement, string>();
  each<HTMLFormElement>("form[data-unsaved]", (form) => clean.set(form, fingerprint(form)));
  document.addEventListener("submit", (event) => clean.delete(event.target as HTMLFormElement));
  window.addEventListener("beforeunload", (event) => {
    for (const [form, before] of clean) {
      if (form.isConnected && fingerprint(form) !== before) event.preventDefault();
    }
  });
}

function countCharacters(): void {
  each<HTMLTextAreaElement>("textarea[data-count]", (area) => {
    const counter = make("div", { class: "form-hint text-count", "aria-hidden": "true" });
    area.after(counter);
    const show = () => {
      counter.textContent =
        area.maxLength > 0 ? `${area.value.length} / ${area.maxLength}` : `${area.value.length}`;
      counter.classList.toggle(
        "text-count-near",
        area.maxLength > 0 && area.value.length > area.maxLength * 0.9,
      );
    };
    area.addEventListener("input", show);
    show();
  });
}

/** <input data-filters="#list">: hides the list's children that do not contain the typed words. */
function filterLists(): void {
  on("input", "input[data-filters]", (element) => {
    const input = element as HTMLInputElement;
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of document.querySelector(input.dataset.filters ?? "")?.children ?? []) {
      const text = (item.getAttribute("data-text") ?? item.textContent ?? "").toLowerCase();
      const fits = words.every((word) => text.includes(word));
      (item as HTMLElement).hidden = !fits;
      if (fits) shown += 1;
    }
    input.setAttribute("aria-description", say(`${shown} 项`, `${shown} items`));
  });
}

/** Filter forms send themselves when a choice changes; typed fields wait for Enter. */
function autoSubmit(): void {
  on(
    "change",
    "form[data-auto] select, form[data-auto] input:is([type=checkbox],[type=radio],[type=date])",
    (element) => element.closest("form")?.requestSubmit(),
  );
}

export function forms(): void {
  submitOnce();
  keepKeys();
  warnUnsaved();
  countCharacters();
  filterLists();
  autoSubmit();
}
