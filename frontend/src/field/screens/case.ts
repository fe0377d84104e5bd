/** One case: what it is, what was done with it on this phone, and the moves that are open to me. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { Draft } from "../drafts";
import { about, OPEN } from "../records";
import type { Case, Contact, Move } from "../shapes";
import { button, empty, h, note, person } from "../view";
import { dated, zoneOf } from "../zone";
import { adding } from "./adding";
import { begunBefore, inPlace, keepOrSay } from "./keeping";
import { type Answers, Questions } from "./questions";
import { dueMark, stateMark } from "./today";

export function caseScreen(app: App, open: Open, id: string): HTMLElement {
  const found = open.packet.one("cases", id);
  if (!found) {
    return h(
      "div",
      "f-screen",
      empty(say("这个案件已经办完，或不在您的网格里。", "This case is closed or not in your grid.")),
    );
  }
  const waiting = app.entries.filter((entry) => about(entry, "case", id) && OPEN.has(entry.state));
  const screen = h("div", "f-screen", facts(found, zoneOf(open.packet)));
  const contact = open.packet.one("contacts", id);
  if (contact) screen.append(calling(contact));
  for (const entry of waiting)
    screen.append(note("warning", say("本机记下：", "On this phone: "), entry.title));
  // A move that is on its way changes what is open; the next one waits for its answer.
  const moved = waiting.some((entry) => entry.kind === "move");
  if (moved)
    screen.append(
      h("p", "f-hint", say("上一步发送后，才能办下一步。", "The next step opens when this one is sent.")),
    );
  if (!moved) screen.append(moves(app, open, found));
  screen.append(adding(app, open, found), atTheDesk(found));
  return screen;
}

/** Whom to call back; it came with the packet, and the reporter sees that it did. */
function calling(contact: Contact): HTMLElement {
  const hint = say(
    `目的：${contact.purpose}。带到手机上时已记下一次查看，上报人能看到。`,
    `Purpose: ${contact.purpose}. Taking it along was written down as a look that the reporter can see.`,
  );
  return h(
    "section",
    "f-section",
    h("h2", "f-title", say("回访", "Call back")),
    person(contact.name || say("没有留姓名", "No name left"), contact.phone),
    h("p", "f-hint", hint),
  );
}

/** What needs a list of units is done at the desk, with a network. */
function atTheDesk(found: Case): HTMLElement {
  const address = `${document.documentElement.dataset.desk}cases/${found.id}`;
  return make(
    "a",
    { class: "f-button f-quiet", href: address },
    say("在工作台打开（要联网）", "Open at the desk (online)"),
  );
}

function facts(found: Case, zone: string | undefined): HTMLElement {
  const rows: [string, string][] = [
    [say("编号", "Number"), found.number],
    [say("地点", "Place"), found.address],
    [say("情形", "Condition"), found.condition],
    [say("现在谁负责", "Responsible"), found.owner],
    [say("上报时间", "Reported"), dated(found.reported_at, zone)],
    [say("最近说明", "Last note"), found.last],
  ];
  const list = h("dl", "f-facts");
  for (const [name, value] of rows) if (value) list.append(h("dt", "", name), h("dd", "", value));
  return h(
    "section",
    "f-section",
    h("h2", "f-title", found.matter || found.description),
    h("p", "f-marks", stateMark(found), dueMark(found, new Date())),
    found.matter ? h("p", "", found.description) : null,
    list,
  );
}

function moves(app: App, open: Open, found: Case): HTMLElement {
  const box = h("div", "f-moves");
  const draw = () => {
    const offered = found.moves.map((move) => {
      const css = { primary: "f-primary", danger: "f-danger" }[move.tone] ?? "";
      const begin = async () => inPlace(box, await moving(app, open, found, move, draw));
      return button(move.name, begin, { css });
    });
    box.replaceChildren(
      offered.length
        ? h("div", "f-actions", ...offered)
        : empty(say("现在没有要您办的。", "Nothing for you to do now.")),
    );
  };
  draw();
  return box;
}

async function moving(
  app: App,
  open: Open,
  found: Case,
  move: Move,
  leave: () => void,
): Promise<HTMLElement> {
  const fresh: Answers = { id: crypto.randomUUID(), values: {} };
  const draft = await Draft.of(app, open, `move:${found.id}:${move.key}`, fresh);
  const questions = new Questions(open, move.ask, draft);
  const title = h("h2", "f-title", move.name);
  const form = h("form", "f-form", title, begunBefore(app, draft), ...questions.boxes);
  form.addEventListener("submit", (event) => event.preventDefault());
  const send = async () => {
    const given = questions.answers();
    if (!given) return;
    const payload = { move: move.key, revision: found.revision, data: given.data, photos: given.photos };
    const title = `${move.name}：${found.matter || found.description}，${found.address}`;
    const record = {
      id: draft.form.id,
      kind: "move",
      form: "move-1",
      subject: found.id,
      title,
      payload,
      files: given.photos,
    };
    await draft.written();
    if (!(await keepOrSay(app, open, record, form))) return;
    await draft.drop();
    app.show();
  };
  const css = move.tone === "danger" ? "f-danger" : "f-primary";
  form.append(
    h(
      "div",
      "f-actions",
      button(move.name, send, { icon: "check", css }),
      button(say("取消", "Cancel"), leave),
    ),
  );
  return form;
}
