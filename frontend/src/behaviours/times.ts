import { each } from "../lib/dom";
import { absolute, ago, countdown } from "../lib/time";

/** Writes the text of one <time data-ago> or <time data-countdown>; a bad datetime stays as it is. */
export function write(element: HTMLTimeElement, now: Date): void {
  const at = new Date(element.dateTime);
  if (Number.isNaN(at.getTime())) return;
  element.title ||= absolute(at);
  element.textContent = element.hasAttribute("data-countdown") ? countdown(at, now) : ago(at, now);
}

export function times(): void {
  const selector = "time[data-ago], time[data-countdown]";
  each<HTMLTimeElement>(selector, (element) => write(element, new Date()));
  setInterval(() => {
    const now = new Date();
    for (const element of document.querySelectorAll<HTMLTimeElement>(selector)) write(element, now);
  }, 30_000);
}
