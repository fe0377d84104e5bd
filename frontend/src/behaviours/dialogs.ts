import { each, make, on } from "../lib/dom";
import { say } from "../lib/text";

function dialogOf(selector: string | undefined): HTMLDialogElement | null {
  const found = selector ? document.querySelector(selector) : null;
  return found instanceof HTMLDialogElement ? found : null;
}

/** Asks in a dialog; resolves to true only when the person says yes. */
function confirmed(question: string, detail = "", yes = say("确定", "Confirm")): Promise<boolean> {
  const no = make("button", { class: "btn", value: "no" }, say("取消", "Cancel"));
  const ok = make("button", { class: "btn btn-primary", value: "yes" }, yes);
  const dialog = make(
    "dialog",
    { class: "sheet sheet-small", "aria-labelledby": "confirm-question" },
    make(
      "form",
      { method: "dialog" },
      make(
        "div",
        { class: "sheet-body" },
        make("h2", { id: "confirm-question" }, question),
        make("p", {}, detail),
      ),
      make("div", { class: "sheet-foot" }, no, ok),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    }),
  );
}

/** Holds back a form or button with data-confirm until the person agrees. */
function confirmFirst(): void {
  const agreed = new WeakSet<HTMLFormElement>();
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const button = event.submitter;
      const asking = button?.closest<HTMLElement>("[data-confirm]") ?? null;
      if (!asking || agreed.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { confirm = "", confirmDetail, confirmYes } = asking.dataset;
      void confirmed(confirm, confirmDetail, confirmYes).then((yes) => {
        if (!yes) return;
        agreed.add(form);
        form.requestSubmit(button);
      });
    },
    { capture: true },
  );
}

const FIELD = ":is(input:not([type=hidden], [type=file]), textarea, select)";
const FIRST = `.sheet-body ${FIELD}, dialog:not(:has(.sheet-body ${FIELD})) [type=submit]`;

export function dialogs(): void {
  on("click", "[data-dialog]", (element, event) => {
    const dialog = dialogOf(element.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
  });
  on("click", "[data-close]", (element) => element.closest("dialog")?.close());
  // A press on the dark surroundings closes; the dialog itself has no padding there.
  on("click", "dialog.sheet, dialog.lightbox", (element, event) => {
    if (event.target === element) (element as HTMLDialogElement).close();
  });
  each<HTMLDialogElement>("dialog[data-open]", (dialog) => {
    dialog.removeAttribute("open");
    dialog.showModal();
    // With a mouse or keys one types at once; on a phone the keyboard would cover the form.
    if (matchMedia("(pointer: fine)").matches) dialog.querySelector<HTMLElement>(FIRST)?.focus();
  });
  // Only one menu is open at a time, and it closes on Escape or a press elsewhere.
  document.addEventListener("click", (event) => closeMenus(event.target as Element));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
  });
  confirmFirst();
}

function closeMenus(inside: Element | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (!inside || !menu.contains(inside)) menu.open = false;
  }
}
