import { on } from "../lib/dom";
import { say } from "../lib/text";

/** What a click with Shift selects: everything between the last click and this one, both included. */
export function between(from: number, to: number): number[] {
  const [low, high] = from < to ? [from, to] : [to, from];
  return Array.from({ length: high - low + 1 }, (_unused, step) => low + step);
}

function picks(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>('[data-rows] input[name="case"]')];
}

export function chosen(): HTMLInputElement[] {
  return picks().filter((pick) => pick.checked);
}

/** The buttons over the list say how many cases they are for, and wait until one is chosen. */
function show(): void {
  const bar = document.querySelector<HTMLElement>("[data-bulk]");
  if (!bar) return;
  const count = chosen().length;
  const whole = document.querySelector<HTMLInputElement>("[data-bulk-whole]")?.checked ?? false;
  const words = bar.querySelector("[data-bulk-count]");
  if (words) {
    words.textContent = whole
      ? say("选了各页的全部案件：", "All cases of the list selected:")
      : count
        ? say(`选了 ${count} 件：`, `${count} selected:`)
        : say("勾选几件，一起办：", "Select cases to act on together:");
  }
  for (const button of bar.querySelectorAll("button")) button.disabled = !whole && count === 0;
  bar.classList.toggle("bulk-some", whole || count > 0);
  const all = document.querySelector<HTMLInputElement>("[data-pick-all]");
  if (!all) return;
  all.hidden = false;
  all.checked = count > 0 && count === picks().length;
  all.indeterminate = count > 0 && !all.checked;
}

/** Selects or unselects a row of the list. */
export function pick(row: Element): void {
  const box = row.querySelector<HTMLInputElement>('input[name="case"]');
  if (box) box.checked = !box.checked;
  show();
}

export function bulk(): void {
  let last = -1;
  on("click", '[data-rows] input[name="case"]', (element, event) => {
    const boxes = picks();
    const at = boxes.indexOf(element as HTMLInputElement);
    const ticked = (element as HTMLInputElement).checked;
    if (event.shiftKey && last >= 0) {
      for (const index of between(last, at)) {
        const box = boxes[index];
        if (box) box.checked = ticked;
      }
    }
    last = at;
    show();
  });
  on("change", "[data-pick-all]", (element) => {
    for (const box of picks()) box.checked = (element as HTMLInputElement).checked;
    show();
  });
  on("change", "[data-bulk-whole]", show);
  // A page that comes back by the "back" button has its ticks but not what they led to.
  window.addEventListener("pageshow", show);
  show();
}
