/** One case: what it is, what was done with it on this phone, and the moves that are open to me. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import { absolute } from "../../lib/time";
import type { App, Open } from "../app";
import { OPEN } from "../records";
import { LONGEST_WORDS } from "../rules";
import type { Case, Move } from "../shapes";
import { button, empty, field, h, longText, note, section } from "../view";
import { keepOrSay } from "./keeping";
import { Questions } from "./questions";
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
  const waiting = app.entries.filter((entry) => entry.subject === id && OPEN.has(entry.state));
  const screen = h("div", "f-screen", facts(found));
  for (const entry of waiting)
    screen.append(note("warning", say("本机记下：", "On this phone: "), entry.title));
  // A move that is on its way changes what is open; the next one waits for its answer.
  const moved = waiting.some((entry) => entry.kind === "move");
  if (moved)
    screen.append(
      h("p", "f-hint", say("上一步发送后，才能办下一步。", "The next step opens when this one is sent.")),
    );
  screen.append(moved ? h("div", "") : moves(app, open, found), own(app, open, found));
  return screen;
}

function facts(found: Case): HTMLElement {
  const rows: [string, string][] = [
    [say("编号", "Number"), found.number],
    [say("地点", "Place"), found.address],
    [say("情形", "Condition"), found.condition],
    [say("现在谁负责", "Responsible"), found.owner],
    [say("上报时间", "Reported"), absolute(new Date(found.reported_at))],
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
      return button(move.name, () => box.replaceChildren(moving(app, open, found, move, draw)), { css });
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

function moving(app: App, open: Open, found: Case, move: Move, leave: () => void): HTMLElement {
  const questions = new Questions(open, move.ask);
  const form = h("form", "f-form", h("h2", "f-title", move.name), ...questions.boxes);
  form.addEventListener("submit", (event) => event.preventDefault());
  const send = async () => {
    const given = questions.answers();
    if (!given) return;
    const payload = { move: move.key, revision: found.revision, data: given.data, photos: given.photos };
    const title = `${move.name}：${found.matter || found.description}，${found.address}`;
    const record = {
      id: questions.id,
      kind: "move",
      form: "move-1",
      subject: found.id,
      title,
      payload,
      files: given.photos,
    };
    if (await keepOrSay(app, open, record, form)) app.show();
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

/** What the worker may add to any case: a note, and a better description of the place. */
function own(app: App, open: Open, found: Case): HTMLElement {
  const keep = async (kind: string, title: string, payload: object, form: HTMLElement) => {
    const name = `${title}：${found.matter || found.description}，${found.address}`;
    const record = {
      id: crypto.randomUUID(),
      kind,
      form: `${kind}-1`,
      subject: found.id,
      title: name,
      payload,
      files: [],
    };
    if (await keepOrSay(app, open, record, form)) app.show();
  };
  const words = longText("", LONGEST_WORDS, () => undefined);
  const box = field(say("写一条说明", "A note"), words);
  const keepNote = async () => {
    const text = words.value.trim();
    box.wrong(text ? "" : say("请先写几句。", "Please write some words."));
    if (text) await keep("note", say("说明", "Note"), { text, photos: [], voice: [] }, box);
  };
  const address = make("input", { class: "f-input", type: "text", maxlength: "200" });
  address.value = found.address;
  const place = field(say("更正地点", "Correct the place"), address);
  const keepPlace = async () => {
    const mine = address.value.trim();
    const same = !mine || mine === found.address;
    place.wrong(same ? say("请写新的地点。", "Please write the new place.") : "");
    if (same) return;
    const fields = { address: { base: found.address, mine } };
    await keep("patch", say("更正地点", "Place corrected"), { revision: found.revision, fields }, place);
  };
  const more = make("details", { class: "f-more" });
  more.append(
    h("summary", "", say("说明和更正", "Notes and corrections")),
    h(
      "div",
      "f-form",
      box,
      button(say("记下说明", "Keep the note"), keepNote),
      place,
      button(say("记下地点", "Keep the place"), keepPlace),
    ),
  );
  return section(say("补充", "More"), null, more);
}
