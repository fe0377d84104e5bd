/** A note of the diary in half a minute; one tick makes it a case. About places and matters, never about persons. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { holdsNumberOfAPerson, LONGEST_ENTRY } from "../rules";
import type { Spot } from "../shapes";
import { button, choices, field, h, longText, note, told } from "../view";
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
const DRAFT = "diary";

interface Form {
  id: string;
  kind: string;
  text: string;
  spot: Spot | null;
  asCase: boolean;
}

export async function diary(app: App, open: Open): Promise<HTMLElement> {
  const kept = await open.records.draft<Form>(DRAFT);
  const sent = app.entries.some((entry) => entry.id === kept?.value.id);
  const fresh: Form = { id: crypto.randomUUID(), kind: "", text: "", spot: null, asCase: false };
  const form = kept && !sent ? kept.value : fresh;
  const last = ((await open.records.draft<Spot[]>(LAST_SPOTS))?.value ?? []).filter((spot) => !spot.facility);
  return screen(app, open, form, last);
}

function screen(app: App, open: Open, form: Form, last: Spot[]): HTMLElement {
  let saving = Promise.resolve();
  const save = (changed: Partial<Form>) => {
    Object.assign(form, changed);
    saving = saving.then(() => open.records.saveDraft(DRAFT, form, Date.now()));
  };
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
  const tick = make("input", { type: "checkbox" });
  tick.checked = form.asCase;
  tick.addEventListener("change", () => save({ asCase: tick.checked }));
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
    h("label", "f-choice", tick, h("span", "", say("同时转为案件", "Make it a case too"))),
  );
  box.addEventListener("submit", (event) => event.preventDefault());
  const send = async () => {
    const wrong = faults(form);
    for (const name of ["kind", "text", "spot"] as const) fields[name].wrong(wrong[name] ?? "");
    if (Object.keys(wrong).length) return;
    await saving;
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
    await open.records.dropDraft(DRAFT);
    told(say("已记下。", "Kept."));
    location.hash = "#/";
  };
  box.append(h("div", "f-actions", button(say("保存", "Keep"), send, { icon: "check", css: "f-primary" })));
  const register = `${document.documentElement.dataset.desk}register/`;
  const care = say(
    "住户要照料服务：征得同意，在工作台登记（要联网）",
    "Care is wanted: with consent, at the desk (online)",
  );
  box.append(make("a", { class: "f-button f-quiet", href: register }, care));
  return box;
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
