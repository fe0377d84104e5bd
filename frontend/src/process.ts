/** The form of a process's move: conditions are read while one types, names of facts go in at the cursor. */
import { ConditionError, compile } from "./conditions/conditions";
import { each, on } from "./lib/dom";
import { say } from "./lib/text";

type Input = HTMLInputElement | HTMLTextAreaElement;

/** What the browser can say about a condition: unreadable or unknown names; nothing when it reads. */
export function fault(source: string, known: string[]): string {
  if (!source.trim()) return "";
  try {
    compile(source);
  } catch (error) {
    if (error instanceof ConditionError)
      return say("这个条件写得不完整或写法不对。", "This condition is unfinished or cannot be read.");
    throw error;
  }
  const bare = source.replace(/'[^']*'|"[^"]*"/g, "");
  const names = bare.match(/\b[a-z_]+\.[a-z_]+\b/g) ?? [];
  const strange = names.filter((name) => !known.includes(name));
  return strange.length ? say(`没有名为“${strange[0]}”的数据。`, `There is no fact ${strange[0]}.`) : "";
}

let last: Input | null = null;

each<Input>("[data-condition]", (input) => {
  const known = (input.closest<HTMLElement>("[data-facts]")?.dataset.facts ?? "").split(" ");
  const show = () => {
    const text = fault(input.value, known);
    input.setCustomValidity(text);
    input.classList.toggle("is-invalid", text !== "");
    input.title = text;
  };
  input.addEventListener("input", show);
  input.addEventListener("focus", () => {
    last = input;
  });
  show();
});

on("click", "button[data-insert]", (button) => {
  const target = last ?? document.querySelector<Input>("textarea[data-condition]");
  if (!target) return;
  const name = button.dataset.insert ?? "";
  target.setRangeText(
    name,
    target.selectionStart ?? target.value.length,
    target.selectionEnd ?? target.value.length,
    "end",
  );
  target.focus();
  target.dispatchEvent(new Event("input", { bubbles: true }));
});
