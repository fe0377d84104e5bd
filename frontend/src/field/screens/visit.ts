/** One visit: the door, who asked for it, what to look after; noted in two taps. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { Draft } from "../drafts";
import { about, OPEN } from "../records";
import { LONGEST_NOTE } from "../rules";
import type { Visit } from "../shapes";
import { button, choices, empty, field, h, longText, note, person } from "../view";
import { begunBefore, keepOrSay } from "./keeping";

const OUTCOMES: [value: string, zh: string, en: string][] = [
  ["done", "已探访", "Visited"],
  ["absent", "家里没人", "Nobody at home"],
  ["declined", "这次不需要", "Not wanted this time"],
];

export async function visitScreen(app: App, open: Open, id: string): Promise<HTMLElement> {
  const visit = open.packet.one("visits", id);
  if (!visit) {
    return h("div", "f-screen", empty(say("今天不用再去这一家了。", "This visit is not due any more.")));
  }
  const screen = h("div", "f-screen", facts(open, visit));
  for (const entry of app.entries.filter((entry) => about(entry, "visit", id) && OPEN.has(entry.state)))
    screen.append(note("warning", say("本机记下：", "On this phone: "), entry.title));
  screen.append(await noting(app, open, visit));
  const words = say("记日记，或转为案件", "Write a note, or make it a case");
  const ways = h("div", "f-actions", make("a", { class: "f-button", href: "#/diary" }, words));
  if (open.packet.all("care").length) {
    const more = say("本人要别的照料", "Other care is asked for");
    ways.append(make("a", { class: "f-button", href: `#/care/${id}` }, more));
  }
  screen.append(ways);
  return screen;
}

function facts(open: Open, visit: Visit): HTMLElement {
  const household = open.packet.one("households", visit.household);
  const list = h("dl", "f-facts");
  const rows: [string, string][] = [
    [say("多久一次", "How often"), visit.name],
    [say("看什么", "Look after"), visit.check.join("、")],
    [say("带什么", "Bring"), visit.bring],
  ];
  for (const [name, value] of rows) if (value) list.append(h("dt", "", name), h("dd", "", value));
  const people = (household?.people ?? []).map((one) => person(one.name, one.phone));
  return h(
    "section",
    "f-section",
    h("h2", "f-title", visit.address),
    list,
    ...people,
    household
      ? h(
          "p",
          "f-hint",
          say(
            `目的：${household.purpose}。这次查看已有记录。`,
            `For: ${household.purpose}. This look is on record.`,
          ),
        )
      : null,
  );
}

async function noting(app: App, open: Open, visit: Visit): Promise<HTMLElement> {
  const fresh = { id: crypto.randomUUID(), outcome: "", text: "" };
  const draft = await Draft.of(app, open, `visit:${visit.id}`, fresh);
  const { form: given, save } = draft;
  const offered = OUTCOMES.map(([value, zh, en]) => ({ value, label: say(zh, en) }));
  const asked = field(
    say("这次怎样", "How it went"),
    choices(offered, given.outcome || null, (outcome) => save({ outcome })),
    true,
  );
  const words = longText(given.text, LONGEST_NOTE, (text) => save({ text }));
  const form = h(
    "form",
    "f-form",
    h("h2", "f-title", say("记一次探访", "Note a visit")),
    begunBefore(app, draft),
    asked,
    field(say("下次要做什么（选填）", "What to do next (optional)"), words),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  const send = async () => {
    asked.wrong(given.outcome ? "" : say("请选一个。", "Choose one."));
    if (!given.outcome) return;
    const [, zh, en] = OUTCOMES.find(([value]) => value === given.outcome) ?? ["", "", ""];
    const record = {
      id: given.id,
      kind: "visit",
      form: "visit-1",
      subject: visit.id,
      title: `${say(zh, en)}：${visit.address}`,
      payload: { outcome: given.outcome, text: given.text.trim() },
      files: [],
    };
    if (!(await keepOrSay(app, open, record, form))) return;
    await draft.drop();
    location.hash = "#/";
  };
  form.append(h("div", "f-actions", button(say("保存", "Keep"), send, { icon: "check", css: "f-primary" })));
  return form;
}
