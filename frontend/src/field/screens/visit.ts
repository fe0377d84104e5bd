/** One visit: the door, who asked for it, what to look after; noted in two taps. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { OPEN } from "../records";
import { LONGEST_NOTE } from "../rules";
import type { Visit } from "../shapes";
import { button, choices, empty, field, h, longText, note } from "../view";
import { keepOrSay } from "./keeping";

const OUTCOMES: [value: string, zh: string, en: string][] = [
  ["done", "已探访", "Visited"],
  ["absent", "家里没人", "Nobody at home"],
  ["declined", "这次不需要", "Not wanted this time"],
];

export function visitScreen(app: App, open: Open, id: string): HTMLElement {
  const visit = open.packet.one("visits", id);
  if (!visit) {
    return h("div", "f-screen", empty(say("今天不用再去这一家了。", "This visit is not due any more.")));
  }
  const screen = h("div", "f-screen", facts(open, visit));
  for (const entry of app.entries.filter((entry) => entry.subject === id && OPEN.has(entry.state)))
    screen.append(note("warning", say("本机记下：", "On this phone: "), entry.title));
  screen.append(noting(app, open, visit));
  const words = say("记日记，或转为案件", "Write a note, or make it a case");
  screen.append(make("a", { class: "f-button f-quiet", href: "#/diary" }, words));
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
  const people = (household?.people ?? []).map((person) =>
    h(
      "div",
      "f-row",
      h("b", "", person.name),
      person.phone &&
        make(
          "a",
          { class: "f-button", href: `tel:${person.phone}` },
          say("打电话", "Call"),
          ` ${person.phone}`,
        ),
    ),
  );
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

function noting(app: App, open: Open, visit: Visit): HTMLElement {
  const id = crypto.randomUUID();
  let outcome = "";
  let text = "";
  const offered = OUTCOMES.map(([value, zh, en]) => ({ value, label: say(zh, en) }));
  const asked = field(
    say("这次怎样", "How it went"),
    choices(offered, null, (value) => {
      outcome = value;
    }),
    true,
  );
  const words = longText("", LONGEST_NOTE, (value) => {
    text = value;
  });
  const form = h(
    "form",
    "f-form",
    h("h2", "f-title", say("记一次探访", "Note a visit")),
    asked,
    field(say("下次要做什么（选填）", "What to do next (optional)"), words),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  const send = async () => {
    asked.wrong(outcome ? "" : say("请选一个。", "Choose one."));
    if (!outcome) return;
    const [, zh, en] = OUTCOMES.find(([value]) => value === outcome) ?? ["", "", ""];
    const record = {
      id,
      kind: "visit",
      form: "visit-1",
      subject: visit.id,
      title: `${say(zh, en)}：${visit.address}`,
      payload: { outcome, text: text.trim() },
      files: [],
    };
    if (!(await keepOrSay(app, open, record, form))) return;
    location.hash = "#/";
  };
  form.append(h("div", "f-actions", button(say("保存", "Keep"), send, { icon: "check", css: "f-primary" })));
  return form;
}
