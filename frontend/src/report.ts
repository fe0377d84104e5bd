import { each, make } from "./lib/dom";
import { Draft } from "./lib/draft";
import { say } from "./lib/text";

/** Offers back what was typed and not sent; only fields marked data-keep, never contact data. */
export function keepDraft(form: HTMLFormElement): void {
  const draft = new Draft(form.dataset.draft ?? "report", localStorage);
  const kept = [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[data-keep]")];
  const restored = draft.read(Date.now());
  const fields = kept.filter((field) => !field.value && restored[field.name]);
  for (const field of fields) {
    field.value = restored[field.name] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (fields.length) {
    const clear = make("button", { type: "button", class: "btn btn-sm" }, say("清除", "Clear"));
    const note = make(
      "div",
      { class: "note note-info", role: "status" },
      say("已找回上次没有提交的内容。", "Restored what you had not sent."),
      clear,
    );
    clear.addEventListener("click", () => {
      for (const field of fields) field.value = "";
      draft.clear();
      note.remove();
    });
    form.prepend(note);
  }
  form.addEventListener("input", () =>
    draft.write(Object.fromEntries(kept.map((field) => [field.name, field.value])), Date.now()),
  );
}

each<HTMLFormElement>("form[data-draft]", keepDraft);
// The receipt page says that the report has arrived: only then is the draft thrown away.
each<HTMLElement>("[data-draft-sent]", (element) =>
  new Draft(element.dataset.draftSent ?? "report", localStorage).clear(),
);
