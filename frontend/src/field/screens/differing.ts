/** A correction met another's: both are shown, and the person decides field by field. */
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import type { Entry } from "../records";
import type { Differs } from "../shapes";
import { button, choices, field, h } from "../view";
import { CORRECTED } from "./adding";
import { keepOrSay } from "./keeping";

type Choice = "mine" | "theirs";

export function differing(app: App, open: Open, entry: Entry, differs: Differs): HTMLElement {
  const chosen = new Map<string, Choice>();
  const boxes = Object.entries(differs).map(([name, { base, mine, theirs }]) => {
    const title = name in CORRECTED ? CORRECTED[name as keyof typeof CORRECTED]() : name;
    const offered = [
      { value: "mine", label: mine, hint: say("我改的", "Mine") },
      { value: "theirs", label: theirs, hint: say("现在的，别人改的", "As it stands, by somebody else") },
    ];
    const note = (value: string) => chosen.set(name, value as Choice);
    const asked = field(title, choices(offered, null, note));
    asked.append(h("p", "f-hint", say(`原来：${base}`, `Before: ${base}`)));
    return { name, asked };
  });
  const form = h(
    "form",
    "f-form",
    h(
      "p",
      "",
      say("您改的地方别人也改了，请选用哪一个。", "Somebody else changed this too; choose which one holds."),
    ),
    ...boxes.map((box) => box.asked),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  const decide = async () => {
    for (const { name, asked } of boxes)
      asked.wrong(chosen.has(name) ? "" : say("请选一个。", "Choose one."));
    if (chosen.size < boxes.length) return;
    const record = {
      id: crypto.randomUUID(),
      kind: "patch",
      form: "patch-1",
      subject: entry.subject,
      title: entry.title,
      payload: decision(entry.id, differs, chosen),
      files: [],
    };
    if (!(await keepOrSay(app, open, record, form))) return;
    await open.records.drop(entry.id);
    await app.kept();
  };
  form.append(
    h("div", "f-actions", button(say("就这样定", "Decide"), decide, { icon: "check", css: "f-primary" })),
  );
  return form;
}

/** The record that decides about another: mine from what stands now, nothing for what stays. */
export function decision(replaces: string, differs: Differs, chosen: ReadonlyMap<string, Choice>): object {
  const mine = Object.entries(differs).filter(([name]) => chosen.get(name) === "mine");
  return {
    fields: Object.fromEntries(mine.map(([name, both]) => [name, { base: both.theirs, mine: both.mine }])),
    replaces,
  };
}
