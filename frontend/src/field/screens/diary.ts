/** A note of the diary in half a minute; one tick makes it a case, another goes on to an application for care. About places and matters, never about persons. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { Draft } from "../drafts";
import { holdsNumberOfAPerson, LONGEST_ENTRY } from "../rules";
import type { Spot } from "../shapes";
import { button, choices, field, h, longText, note, told } from "../view";
import { CARE_DRAFT, freshCare } from "./care";
import { keepOrSay } from "./keeping";
import { LAST_SPOTS, placePicker } from "./place";

const KINDS: [value: string, zh: string, en: string][] = [
  ["wish", "意见建议", "Suggestions"],
  ["help", "求助", "Help wanted"],
  ["repair", "设施环境", "Facilities"],
  ["safety", "安全隐患", "Safety"],
  ["neighbours", "邻里协商", "Among neighbours"],
  ["other", "其他", "Other"],
];
interface Form {
  id: string;
  kind: string;
  text: string;
  spot: Spot | null;
  asCase: boolean;
  asCare: boolean;
}

export async function diary(app: App, open: Open): Promise<HTMLElement> {
  const fresh: Form = {
    id: crypto.randomUUID(),
    kind: "",
    text: "",
    spot: null,
    asCase: false,
    asCare: false,
  };
  const draft = await Draft.of(app, open, "diary", fresh);
  const last = ((await open.records.draft<Spot[]>(LAST_SPOTS))?.value ?? []).filter((spot) => !spot.facility);
  return screen(app, open, draft, last);
}

function screen(app: App, open: Open, draft: Draft<Form>, last: Spot[]): HTMLElement {
  const { form, save } = draft;
  const offered = KINDS.map(([value, zh, en]) => ({ value, label: say(zh, en) }));
  const words = longText(form.text, LONGEST_ENTRY, (text) => save({ text }));
  const fields = {
    kind: field(
      say("哪一类", "About"),
      choices(offered, form.kind || null, (kind) => save({ kind }), "f-two"),
      true,
    ),
    text: field(say("说几句", "Some words"), words, true),
    spot: field(
      say("地点", "Place"),
      placePicker(open, last, form.spot, (spot) => save({ spot })),
      true,
    ),
  };
  const cares = open.packet.all("care").length > 0;
  const box = h(
    "form",
    "f-screen f-form",
    note(
      "info",
      say(
        "只写地方和事情，不写姓名、电话和证件号码。",
        "Write about places and matters; no names, phones or identity numbers.",
      ),
    ),
    fields.kind,
    fields.text,
    fields.spot,
    tick(say("同时转为案件", "Make it a case too"), "", form.asCase, (asCase) => save({ asCase })),
    cares &&
      tick(
        say("有人申请照料，接着登记", "Somebody asks for care: go on to it"),
        say("要本人同意", "Needs the person's consent"),
        form.asCare,
        (asCare) => save({ asCare }),
      ),
  );
  box.addEventListener("submit", (event) => event.preventDefault());
  const send = async () => {
    const wrong = faults(form);
    for (const name of ["kind", "text", "spot"] as const) fields[name].wrong(wrong[name] ?? "");
    if (Object.keys(wrong).length) return;
    await draft.written();
    const grid = form.spot?.area ?? open.packet.one("me", "me")?.grids[0]?.id ?? null;
    const place = { building: form.spot?.building ?? null, area: grid };
    const record = {
      id: form.id,
      kind: "diary",
      form: "diary-1",
      subject: null,
      title: `${say("日记：", "Diary: ")}${form.text.slice(0, 30)}`,
      payload: { kind: form.kind, text: form.text.trim(), place, as_case: form.asCase },
      files: [],
    };
    if (!(await keepOrSay(app, open, record, box))) return;
    await draft.drop();
    if (form.asCare)
      await open.records.saveDraft(CARE_DRAFT, freshCare(form.spot?.dwelling ? form.spot : null), Date.now());
    told(say("已记下。", "Kept."));
    location.hash = form.asCare ? "#/care" : "#/";
  };
  box.append(h("div", "f-actions", button(say("保存", "Keep"), send, { icon: "check", css: "f-primary" })));
  return box;
}

function tick(
  label: string,
  hint: string,
  checked: boolean,
  changed: (checked: boolean) => void,
): HTMLElement {
  const input = make("input", { type: "checkbox" });
  input.checked = checked;
  input.addEventListener("change", () => changed(input.checked));
  return h("label", "f-choice", input, h("span", "", label, hint ? h("small", "", hint) : null));
}

function faults(form: Form): Partial<Record<"kind" | "text" | "spot", string>> {
  const wrong: Partial<Record<"kind" | "text" | "spot", string>> = {};
  if (!form.kind) wrong.kind = say("请选一项。", "Choose one.");
  if (!form.text.trim()) wrong.text = say("请写几句话。", "Write a few words.");
  else if (holdsNumberOfAPerson(form.text)) {
    wrong.text = say("请不要写电话号码和身份证号码。", "Leave out phones and identity numbers.");
  }
  if (!form.spot) wrong.spot = say("请选地点。", "Choose the place.");
  return wrong;
}
