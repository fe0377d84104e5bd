import { icon, make } from "../lib/dom";
import { say } from "../lib/text";

export type Tone = "info" | "success" | "warning" | "danger";
const TONE_ICONS: Record<Tone, string> = {
  info: "info-circle",
  success: "circle-check",
  warning: "alert-triangle",
  danger: "alert-circle",
};

/**
 * Shows a short message in the corner, or on top of an open dialog, which makes all the rest inert.
 * Errors stay until closed, the rest leaves after 6 seconds.
 */
export function toast(text: string, tone: Tone = "info", ...actions: HTMLElement[]): HTMLElement {
  const close = make(
    "button",
    { type: "button", class: "toast-close", "aria-label": say("关闭", "Close") },
    icon("x"),
  );
  const role = tone === "danger" ? "alert" : "status";
  const box = make(
    "div",
    { class: `note note-${tone} toast-note`, role },
    icon(TONE_ICONS[tone]),
    make("div", {}, text, ...actions),
    close,
  );
  close.addEventListener("click", () => box.remove());
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (dialog) dialog.prepend(box);
  else document.getElementById("toasts")?.append(box);
  if (tone !== "danger") setTimeout(() => box.remove(), 6000);
  return box;
}
