import { make } from "../lib/dom";
import { say } from "../lib/text";

interface Shortcut {
  label: string;
  act: () => void;
}

const OFF = "wangge:keys-off";
const shortcuts = new Map<string, Shortcut>();

/** Gives a single key a meaning on this page; the list under "?" shows the label. */
export function shortcut(key: string, label: string, act: () => void): void {
  shortcuts.set(key, { label, act });
}

/** Whether a key press is typing or a browser's own shortcut, and so none of ours. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const target = event.target as HTMLElement;
  return Boolean(
    target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]"),
  );
}

interface Press {
  key: string;
  at: number;
}

const PAIR_MS = 1000;

/** What a press means: with the press before it a pair such as "g w", if there is one, otherwise itself. */
export function pressed(
  before: Press | null,
  key: string,
  at: number,
  known: ReadonlyMap<string, unknown>,
): string {
  const pair = before && at - before.at < PAIR_MS ? `${before.key} ${key}` : "";
  return known.has(pair) ? pair : key;
}

/** The row to focus when moving by `step` from `current` (-1 = none); stays inside the list. */
export function nextRow(current: number, step: number, total: number): number {
  if (total === 0) return -1;
  if (current < 0) return step > 0 ? 0 : total - 1;
  return Math.min(Math.max(current + step, 0), total - 1);
}

function moveRow(step: number): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-rows] a.row-link")];
  const target =
    links[nextRow(links.indexOf(document.activeElement as HTMLAnchorElement), step, links.length)];
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

function openRow(): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLAnchorElement && focused.matches(".row-link")) focused.click();
}

/** Shortcuts that the page itself names: <a data-key="n" data-key-label="登记新事件">. */
function fromPage(): [string, Shortcut][] {
  return [...document.querySelectorAll<HTMLElement>("[data-key]")].map((element) => [
    element.dataset.key ?? "",
    { label: element.dataset.keyLabel ?? element.textContent?.trim() ?? "", act: () => element.click() },
  ]);
}

function helpDialog(all: Map<string, Shortcut>): void {
  const rows = [...all].map(([key, { label }]) =>
    make("tr", {}, make("td", {}, make("kbd", {}, key)), make("td", {}, label)),
  );
  const off = make("input", { type: "checkbox", class: "form-check-input" });
  off.checked = localStorage.getItem(OFF) !== "1";
  off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "0" : "1"));
  const title = make("h2", { id: "keys-title" }, say("键盘快捷键", "Keyboard shortcuts"));
  const dialog = make(
    "dialog",
    { class: "sheet sheet-small", "aria-labelledby": "keys-title" },
    make(
      "div",
      { class: "sheet-body" },
      title,
      make("table", { class: "table table-sm" }, make("tbody", {}, ...rows)),
      make("label", { class: "form-check" }, off, say("使用单键快捷键", "Use single-key shortcuts")),
    ),
    make(
      "div",
      { class: "sheet-foot" },
      make("button", { class: "btn", "data-close": "" }, say("关闭", "Close")),
    ),
  );
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

export function keys(): void {
  shortcut("/", say("转到搜索框", "Go to search"), () =>
    document.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
  );
  shortcut("j", say("下一行", "Next row"), () => moveRow(1));
  shortcut("k", say("上一行", "Previous row"), () => moveRow(-1));
  shortcut("o", say("打开这一行", "Open this row"), openRow);
  let before: Press | null = null;
  document.addEventListener("keydown", (event) => {
    if (isTyping(event)) return;
    const all = new Map([...shortcuts, ...fromPage()]);
    const key = pressed(before, event.key, event.timeStamp, all);
    before = { key: event.key, at: event.timeStamp };
    if (key === "?") helpDialog(all);
    else if (localStorage.getItem(OFF) === "1" || !all.has(key)) return;
    else all.get(key)?.act();
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-keys-help]")) {
      helpDialog(new Map([...shortcuts, ...fromPage()]));
    }
  });
}
