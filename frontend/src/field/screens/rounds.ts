/** On the round: today's shift, the visits that people asked for, and the diary's note. No position is taken. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { about, OPEN } from "../records";
import type { Shift, Visit } from "../shapes";
import { button, h, mark, section } from "../view";
import { clock, dayOf, dayWords, weekday, zoneOf } from "../zone";
import { keepOrSay } from "./keeping";

/** The shifts of today, one's own and those one stands in for. */
export function shiftsToday(app: App, open: Open, now: Date): HTMLElement[] {
  const day = dayOf(now, zoneOf(open.packet));
  const shifts = open.packet.all("shifts").filter((shift) => shift.day === day);
  return shifts.map((shift) => shiftCard(app, open, shift));
}

/** The roster of the coming days. */
export function comingShifts(open: Open, now: Date): HTMLElement | null {
  const zone = zoneOf(open.packet);
  const shifts = open.packet.all("shifts").filter((shift) => shift.day > dayOf(now, zone));
  if (!shifts.length) return null;
  const rows = [...shifts]
    .sort((a, b) => a.begins.localeCompare(b.begins))
    .map((shift) =>
      h(
        "li",
        "f-card",
        h("b", "", `${weekday(shift.begins, zone)} ${shift.name}`),
        h("span", "f-sub", hours(shift, zone)),
        shift.instead && h("span", "f-sub", say("替班", "standing in")),
      ),
    );
  return section(say("接下来的班", "Coming shifts"), rows.length, h("ul", "f-list", ...rows));
}

/** The visits that are due, in walking order; nothing for posts that serve no doors. */
export function visitsToday(app: App, open: Open): HTMLElement | null {
  const visits = [...open.packet.all("visits")].sort((a, b) => a.order - b.order);
  if (!visits.length) return null;
  const cards = visits.map((visit) => visitCard(app, visit));
  return section(say("今天的探访", "Visits today"), visits.length, h("ul", "f-list", ...cards));
}

function hours(shift: Shift, zone: string | undefined): string {
  return `${clock(shift.begins, zone)}–${clock(shift.ends, zone)} · ${shift.place}`;
}

function shiftCard(app: App, open: Open, shift: Shift): HTMLElement {
  const box = h(
    "section",
    "f-card f-shift",
    h("b", "", say(`我今天的班：${shift.name}`, `My shift today: ${shift.name}`)),
    h("span", "f-sub", hours(shift, zoneOf(open.packet))),
  );
  if (shift.instead) box.append(h("span", "f-sub", say("替班", "standing in")));
  const waiting = app.entries.find((entry) => about(entry, "shift", shift.id) && OPEN.has(entry.state));
  const next = SHIFT_ACTS[shift.state];
  if (waiting) box.append(h("span", "f-marks", mark("yellow", "upload", waiting.title)));
  else if (next) {
    const act = async () => {
      const title = next.done();
      const record = {
        id: crypto.randomUUID(),
        kind: "shift",
        form: "shift-1",
        subject: shift.id,
        title,
        payload: { act: next.act },
        files: [],
      };
      if (await keepOrSay(app, open, record, box)) app.show();
    };
    box.append(h("div", "f-row", button(next.label(), act, { icon: "clock", css: "f-primary" })));
  } else box.append(h("span", "f-marks", mark("ended", "circle-check", say("已下班", "Ended"))));
  return box;
}

const SHIFT_ACTS: Record<string, { act: string; label(): string; done(): string } | undefined> = {
  planned: {
    act: "begin",
    label: () => say("上班", "Begin"),
    done: () => say("已记下上班，等待发送", "Begun; waiting to be sent"),
  },
  begun: {
    act: "end",
    label: () => say("下班", "End"),
    done: () => say("已记下下班，等待发送", "Ended; waiting to be sent"),
  },
};

function visitCard(app: App, visit: Visit): HTMLElement {
  const link = make("a", { class: "f-card", href: `#/visit/${visit.id}` });
  const waiting = app.entries.filter(
    (entry) => about(entry, "visit", visit.id) && OPEN.has(entry.state),
  ).length;
  link.append(
    h("b", "", visit.address),
    h("span", "f-sub", [visit.name, ...visit.check].join(" · ")),
    visit.bring ? h("span", "f-sub", say(`带：${visit.bring}`, `Bring: ${visit.bring}`)) : "",
    h(
      "span",
      "f-marks",
      visit.overdue &&
        mark(
          "red",
          "clock-exclamation",
          say(`${dayWords(visit.due)}起该去`, `due since ${dayWords(visit.due)}`),
        ),
      visit.left > 1 && mark("active", "clock", say(`今天还有 ${visit.left} 次`, `${visit.left} more today`)),
      visit.absent_today && mark("ended", "home", say("今天去过，家里没人", "Nobody was at home today")),
      waiting > 0 && mark("yellow", "upload", say(`本机 ${waiting} 条`, `${waiting} on this phone`)),
    ),
  );
  return h("li", "", link);
}
