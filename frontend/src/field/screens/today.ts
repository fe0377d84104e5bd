/** Today: what waits for me, most urgent first; notices; and what else is open in my grid. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import { ago, countdown } from "../../lib/time";
import type { App, Open } from "../app";
import { about, type Entry } from "../records";
import { byUrgency, overdue } from "../rules";
import type { Case, Notice } from "../shapes";
import { empty, h, mark, note, section } from "../view";
import { meetingsToday } from "./meeting";
import { shiftsToday, visitsToday } from "./rounds";

export function today(app: App, open: Open): HTMLElement {
  const { packet } = open;
  const now = new Date();
  const mine = byUrgency(packet.all("cases").filter((found) => found.mine));
  const others = byUrgency(packet.all("cases").filter((found) => !found.mine));
  const late = mine.filter((found) => overdue(found, now.getTime()));
  const rest = mine.filter((found) => !overdue(found, now.getTime()));
  const me = packet.one("me", "me");
  const screen = h("div", "f-screen", me && h("p", "f-post", me.post));
  for (const standin of me?.standins ?? []) screen.append(note("info", standin));
  if (app.status.line === "signed_out") screen.append(signInAgain());
  if (!me) {
    screen.append(empty(say("正在下载今天的工作…", "Loading today's work…")));
    return screen;
  }
  const told = packet.all("notices");
  const urgent = told.filter((one) => one.urgent);
  if (urgent.length) screen.append(notices(say("紧急通知", "Urgent"), urgent, now));
  screen.append(...shiftsToday(app, open, now));
  if (late.length) {
    screen.append(section(say("已超期", "Overdue"), late.length, cards(late, app.entries, now)));
  }
  screen.append(
    section(
      say("等我办", "Waiting for me"),
      rest.length,
      rest.length
        ? cards(rest, app.entries, now)
        : empty(say("没有等您办的案件。", "Nothing waits for you.")),
    ),
  );
  screen.append(
    visitsToday(app, open) ?? "",
    ...meetingsToday(app, open, now),
    notices(
      say("通知", "Notices"),
      told.filter((one) => !one.urgent),
      now,
    ),
  );
  if (me.reports) {
    const words = say("记日记", "Write a diary note");
    screen.append(make("a", { class: "f-button", href: "#/diary" }, words));
  }
  if (others.length) {
    const more = make("details", { class: "f-more" });
    more.append(
      h(
        "summary",
        "",
        say("网格里的其他案件", "Other cases of the grid"),
        h("span", "f-count", String(others.length)),
      ),
      cards(others, app.entries, now),
    );
    screen.append(more);
  }
  return screen;
}

export function signInAgain(): HTMLElement {
  const address = `${document.documentElement.dataset.signIn}?next=/field/`;
  return note(
    "warning",
    say("登录已过期。记录都在本机，", "Your sign-in has expired. Everything is kept here; "),
    make("a", { href: address }, say("登录后继续同步", "sign in to go on syncing")),
  );
}

function cards(cases: Case[], entries: Entry[], now: Date): HTMLElement {
  return h("ul", "f-list", ...cases.map((found) => card(found, entries, now)));
}

function card(found: Case, entries: Entry[], now: Date): HTMLElement {
  const link = make("a", { class: "f-card", href: `#/case/${found.id}` });
  const waiting = entries.filter((entry) => about(entry, "case", found.id)).length;
  link.append(
    h("b", "", found.matter || found.description),
    h("span", "f-sub", found.address),
    h(
      "span",
      "f-marks",
      stateMark(found),
      dueMark(found, now),
      waiting > 0 && mark("yellow", "upload", say(`本机 ${waiting} 条`, `${waiting} on this phone`)),
    ),
  );
  return h("li", "", link);
}

const SIGNS: Record<string, string> = {
  green: "clock",
  yellow: "alarm",
  red: "clock-exclamation",
  paused: "clock-pause",
  ended: "circle-check",
};

/** The colour and sign of a state, as the page told them. */
export function stateMark(found: Case): HTMLElement {
  const known = JSON.parse(document.getElementById("tones")?.textContent ?? "{}");
  const [tone, sign] = known[found.state] ?? ["ended", "circle"];
  return mark(tone, sign, found.state_name);
}

export function dueMark(found: Case, now: Date): HTMLElement | null {
  if (!found.due) return null;
  const late = overdue(found, now.getTime());
  const light = late ? "red" : found.light;
  const time = make("time", { datetime: found.due });
  time.textContent = countdown(new Date(found.due), now);
  const made = mark(light, SIGNS[light] ?? "clock", "");
  made.append(time);
  return made;
}

function notices(title: string, all: Notice[], now: Date): HTMLElement {
  const sorted = [...all].sort((a, b) => b.at.localeCompare(a.at));
  const rows = sorted.map((told) => {
    const when = h("span", "f-sub", ago(new Date(told.at), now));
    const words = h(
      "span",
      "",
      told.urgent && mark("danger", "alert-triangle", say("紧急", "Urgent")),
      told.text,
    );
    const box = told.case
      ? make("a", { class: "f-card", href: `#/case/${told.case}` }, words, when)
      : h("div", "f-card", words, when);
    return h("li", "", box);
  });
  return section(
    title,
    rows.length,
    rows.length ? h("ul", "f-list", ...rows) : empty(say("没有新通知。", "No news.")),
  );
}
