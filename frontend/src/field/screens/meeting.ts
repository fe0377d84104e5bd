/** Meetings and activities: when and where, what was said, what is left to see to. Who came is counted, not listed. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { Draft } from "../drafts";
import { about, OPEN } from "../records";
import { LONGEST_MINUTES, MOST_PEOPLE } from "../rules";
import type { Meeting } from "../shapes";
import { button, empty, field, h, line, longText, mark, note, section } from "../view";
import { clock, dayOf, dayWords, weekday, zoneOf } from "../zone";
import { begunBefore, keepOrSay } from "./keeping";

type Item = Meeting["items"][number];

/** What was agreed on and is mine to do, and meetings of today or without minutes; nothing when there is none. */
export function meetingsToday(app: App, open: Open, now: Date): HTMLElement[] {
  const zone = zoneOf(open.packet);
  const today = dayOf(now, zone);
  const meetings = [...open.packet.all("meetings")].sort((a, b) => a.starts_at.localeCompare(b.starts_at));
  const items = meetings.flatMap((meeting) =>
    meeting.items.map((item) => itemCard(app, open, meeting, item, today)),
  );
  const shown = meetings.filter(
    (meeting) => dayOf(new Date(meeting.starts_at), zone) >= today || !meeting.minutes,
  );
  const found: HTMLElement[] = [];
  if (items.length)
    found.push(section(say("会上定下要办的", "Agreed on, to do"), items.length, h("ul", "f-list", ...items)));
  if (shown.length) {
    const cards = shown.map((meeting) => meetingCard(app, meeting, now, zone));
    found.push(section(say("会议活动", "Meetings"), shown.length, h("ul", "f-list", ...cards)));
  }
  return found;
}

function meetingCard(app: App, meeting: Meeting, now: Date, zone: string | undefined): HTMLElement {
  const link = make("a", { class: "f-card", href: `#/meeting/${meeting.id}` });
  const began = new Date(meeting.starts_at) <= now;
  const waiting = onTheirWay(app, "meeting", meeting.id).length;
  link.append(
    h("b", "", meeting.title),
    h("span", "f-sub", [when(meeting, zone), meeting.place].join(" · ")),
    h(
      "span",
      "f-marks",
      began && !meeting.minutes && mark("yellow", "pencil", say("还没写记录", "no minutes yet")),
      waiting > 0 && mark("yellow", "upload", say(`本机 ${waiting} 条`, `${waiting} on this phone`)),
    ),
  );
  return h("li", "", link);
}

function itemCard(app: App, open: Open, meeting: Meeting, item: Item, today: string): HTMLElement {
  const box = h(
    "li",
    "f-card",
    h("b", "", item.text),
    h(
      "span",
      "f-sub",
      say(`${dayWords(item.due)}前 · ${meeting.title}`, `by ${dayWords(item.due)} · ${meeting.title}`),
    ),
    item.due < today && h("span", "f-marks", mark("red", "clock-exclamation", say("已超期", "Overdue"))),
  );
  const [waiting] = onTheirWay(app, "item", item.id);
  if (waiting) {
    box.append(
      h("span", "f-marks", mark("yellow", "upload", say("已记下，等待发送", "Noted; waiting to be sent"))),
    );
    return box;
  }
  const act = async () => {
    const title = say(`办好了：${item.text}`, `Done: ${item.text}`);
    const record = { id: crypto.randomUUID(), kind: "agreed", form: "agreed-1", subject: item.id, title };
    if (await keepOrSay(app, open, { ...record, payload: {}, files: [] }, box)) app.show();
  };
  box.append(h("div", "f-row", button(say("办好了", "Done"), act, { icon: "check" })));
  return box;
}

function onTheirWay(app: App, thing: "meeting" | "item", id: string) {
  return app.entries.filter((entry) => about(entry, thing, id) && OPEN.has(entry.state));
}

function when(meeting: Meeting, zone: string | undefined): string {
  return `${weekday(meeting.starts_at, zone)} ${clock(meeting.starts_at, zone)}`;
}

export async function meetingScreen(app: App, open: Open, id: string): Promise<HTMLElement> {
  const meeting = open.packet.one("meetings", id);
  if (!meeting) {
    const words = say("这次会议已经过去，请在工作台查看。", "This meeting is over; see it at the desk.");
    return h("div", "f-screen", empty(words));
  }
  const now = new Date();
  const screen = h("div", "f-screen", facts(meeting, zoneOf(open.packet)));
  const waiting = onTheirWay(app, "meeting", id);
  for (const entry of waiting)
    screen.append(note("warning", say("本机记下：", "On this phone: "), entry.title));
  const today = dayOf(now, zoneOf(open.packet));
  const items = meeting.items.map((item) => itemCard(app, open, meeting, item, today));
  if (items.length)
    screen.append(section(say("要我办的", "For me to do"), items.length, h("ul", "f-list", ...items)));
  if (new Date(meeting.starts_at) > now) {
    screen.append(h("p", "f-hint", say("开始以后再写记录。", "Minutes are written once it has begun.")));
  } else if (!waiting.length) screen.append(await writing(app, open, meeting));
  return screen;
}

function facts(meeting: Meeting, zone: string | undefined): HTMLElement {
  const rows: [string, string][] = [
    [say("哪一类", "Kind"), meeting.kind],
    [say("什么时候", "When"), when(meeting, zone)],
    [say("在哪里", "Where"), meeting.place],
    [say("通知的话", "Invitation"), meeting.invitation],
    [say("来了多少人", "How many came"), meeting.came === null ? "" : String(meeting.came)],
    [say("会议记录", "Minutes"), meeting.minutes],
  ];
  const list = h("dl", "f-facts");
  for (const [name, value] of rows) if (value) list.append(h("dt", "", name), h("dd", "f-said", value));
  return h("section", "f-section", h("h2", "f-title", meeting.title), list);
}

/** The minutes, from the version that stands here: what somebody else wrote meanwhile is not overwritten. */
async function writing(app: App, open: Open, meeting: Meeting): Promise<HTMLElement> {
  const fresh = {
    id: crypto.randomUUID(),
    came: meeting.came === null ? "" : String(meeting.came),
    minutes: meeting.minutes,
    version: meeting.version,
  };
  const draft = await Draft.of(app, open, `minutes:${meeting.id}`, fresh);
  const { form: given, save } = draft;
  const number = line(given.came, 4, (came) => save({ came }));
  number.inputMode = "numeric";
  const fields = {
    came: field(say("来了多少人，不记名单", "How many came; no names"), number, true),
    minutes: field(
      say("会议记录", "Minutes"),
      longText(given.minutes, LONGEST_MINUTES, (minutes) => save({ minutes })),
    ),
  };
  const title = meeting.minutes ? say("改记录", "Change the minutes") : say("写记录", "Write the minutes");
  const form = h(
    "form",
    "f-form",
    h("h2", "f-title", title),
    begunBefore(app, draft),
    fields.came,
    fields.minutes,
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  const send = async () => {
    const came = Number(given.came);
    const right = /^\d+$/.test(given.came.trim()) && came <= MOST_PEOPLE;
    fields.came.wrong(right ? "" : say("请写人数。", "Write a number."));
    if (!right) return;
    const record = {
      id: given.id,
      kind: "minutes",
      form: "minutes-1",
      subject: meeting.id,
      title: say(`会议记录：${meeting.title}`, `Minutes: ${meeting.title}`),
      payload: { came, minutes: given.minutes.trim(), version: given.version },
      files: [],
    };
    if (!(await keepOrSay(app, open, record, form))) return;
    await draft.drop();
    app.show();
  };
  form.append(h("div", "f-actions", button(say("保存", "Keep"), send, { icon: "check", css: "f-primary" })));
  return form;
}
