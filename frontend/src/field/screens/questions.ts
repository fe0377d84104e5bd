/** What a move asks, as fields; the answers as the server takes them. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { Open } from "../app";
import { photos } from "../attachments";
import type { Draft } from "../drafts";
import { faultOf, LONGEST_LINE, LONGEST_WORDS } from "../rules";
import type { Question } from "../shapes";
import { choices, field, h, line, longText } from "../view";
import { conditionPicker, matterPicker } from "./matter";

/** A form of answers by question; its id is that of the record, however often it is sent. */
export interface Answers {
  id: string;
  values: Record<string, unknown>;
}

export class Questions {
  readonly boxes: HTMLElement[] = [];
  private readonly values = new Map<string, unknown>();
  private readonly fields = new Map<string, HTMLElement & { wrong(text: string): void }>();
  private readonly conditions = h("div", "");

  constructor(
    private readonly open: Open,
    private readonly asked: Question[],
    private readonly draft: Draft<Answers>,
  ) {
    for (const question of asked) {
      const begun = draft.form.values[question.key];
      this.values.set(question.key, begun ?? (question.default || null));
      const box = field(question.name, this.control(question), question.required);
      this.fields.set(question.key, box);
      this.boxes.push(box);
    }
  }

  /** The answers, or nothing when one is wrong; then the field says what to do. */
  answers(): { data: Record<string, unknown>; photos: string[] } | undefined {
    let right = true;
    for (const question of this.asked) {
      const fault = faultOf(question, this.values.get(question.key));
      const words = { required: say("请填写。", "Please answer."), long: say("太长了。", "Too long.") };
      this.fields.get(question.key)?.wrong(fault ? words[fault] : "");
      if (fault && right) this.fields.get(question.key)?.scrollIntoView({ block: "center" });
      if (fault) right = false;
    }
    if (!right) return undefined;
    const pictures = this.asked.filter((question) => question.type === "photos");
    const shas = pictures.flatMap((question) => (this.values.get(question.key) as string[] | null) ?? []);
    const rest = this.asked.filter((question) => question.type !== "photos");
    return {
      data: Object.fromEntries(rest.map(({ key }) => [key, this.values.get(key) ?? ""])),
      photos: shas,
    };
  }

  private control(question: Question): HTMLElement {
    const { key, type } = question;
    const preset = String(this.values.get(key) ?? "");
    const note = (value: unknown) => this.note(key, value);
    switch (type) {
      case "long_text":
        return longText(preset, LONGEST_WORDS, note);
      case "photos":
        return photos(
          this.open.records,
          (this.values.get(key) as string[] | null) ?? [],
          note,
          question.name,
        );
      case "matter":
        return this.matter(key, preset);
      case "condition":
        this.drawConditions();
        return this.conditions;
      case "boolean":
        return choices(
          [
            { value: "1", label: say("是", "Yes") },
            { value: "0", label: say("否", "No") },
          ],
          preset || null,
          note,
          "f-short",
        );
      case "date":
      case "number": {
        const input = line(preset, LONGEST_LINE, note);
        input.type = type;
        return input;
      }
      case "units":
        return this.several(question);
      default:
        return question.choices ? this.oneOf(question, preset) : line(preset, LONGEST_LINE, note);
    }
  }

  /** An answer, kept with the draft. */
  private note(key: string, value: unknown): void {
    this.values.set(key, value);
    this.draft.save({ values: Object.fromEntries(this.values) });
  }

  private oneOf({ key, choices: offered }: Question, preset: string): HTMLElement {
    const note = (value: string) => this.note(key, value);
    const options = (offered ?? []).map(([value, label]) => ({ value, label }));
    if (options.length <= 9) return choices(options, preset || null, note);
    const select = make(
      "select",
      { class: "f-input" },
      make("option", { value: "" }, say("请选择", "Choose")),
    );
    for (const { value, label } of options) select.append(make("option", { value }, label));
    select.value = preset;
    select.addEventListener("change", () => note(select.value));
    return select;
  }

  private several({ key, choices: offered }: Question): HTMLElement {
    const taken = new Set((this.values.get(key) as string[] | null) ?? []);
    const box = h("div", "f-choices");
    for (const [value, label] of offered ?? []) {
      const input = make("input", { type: "checkbox", value });
      input.checked = taken.has(value);
      input.addEventListener("change", () => {
        if (input.checked) taken.add(value);
        else taken.delete(value);
        this.note(key, [...taken]);
      });
      box.append(h("label", "f-choice", input, h("span", "", label)));
    }
    return box;
  }

  private matter(key: string, preset: string): HTMLElement {
    return matterPicker(this.open.packet.all("matters"), preset || null, (id) => {
      this.note(key, id);
      this.note("condition", null);
      this.drawConditions();
    });
  }

  private drawConditions(): void {
    const matter = this.open.packet.one("matters", String(this.values.get("matter") ?? ""));
    const chosen = this.values.get("condition");
    this.conditions.replaceChildren(
      conditionPicker(matter, chosen ? String(chosen) : null, false, (id) => this.note("condition", id)),
    );
  }
}
