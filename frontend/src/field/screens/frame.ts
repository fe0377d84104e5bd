/** What surrounds every screen: the bar at the top with what is unsent, the way around at the bottom. */
import { icon, make } from "../../lib/dom";
import { say } from "../../lib/text";
import { ago } from "../../lib/time";
import type { App } from "../app";
import { OPEN, STUCK } from "../records";
import { h, mark } from "../view";

const PLACES: [hash: string, icon: string, zh: string, en: string][] = [
  ["#/", "list-check", "今天", "Today"],
  ["#/report", "camera", "上报", "Report"],
  ["#/unsent", "upload", "未发送", "Unsent"],
  ["#/me", "user", "我的", "Me"],
];

/** The number unsent and how the line is: in view on every screen. */
export function statusLine(app: App): HTMLElement {
  const waiting = app.entries.filter((entry) => OPEN.has(entry.state)).length;
  const stuck = app.entries.filter((entry) => STUCK.has(entry.state)).length;
  const box = make("a", { class: "f-status", href: "#/unsent" });
  if (stuck) box.append(mark("danger", "alert-circle", say(`${stuck} 条要您看`, `${stuck} to look at`)));
  const unsent = say(`未发送 ${waiting}`, `${waiting} unsent`);
  box.append(mark(waiting ? "yellow" : "green", waiting ? "upload" : "check", unsent), lineWords(app));
  return box;
}

function lineWords(app: App): HTMLElement {
  const { line, syncedMs } = app.status;
  const synced = syncedMs
    ? say(`${ago(new Date(syncedMs), new Date())}同步`, `synced ${ago(new Date(syncedMs), new Date())}`)
    : "";
  const words = {
    idle: synced,
    busy: say("正在同步…", "syncing…"),
    offline: say("没有网络", "no network"),
    signed_out: say("请登录", "sign in"),
    full: say("手机存储已满", "storage is full"),
  }[line];
  return h("span", "f-line", line === "offline" && icon("wifi-off"), words);
}

export function frame(app: App, title: string, back: boolean, content: HTMLElement): HTMLElement {
  const way = make(
    "a",
    { class: "f-back", href: "#/", "aria-label": say("返回", "Back") },
    icon("arrow-left"),
  );
  const top = h("header", "f-top", back && way, h("h1", "", title), statusLine(app));
  const main = make("main", { class: "f-main", id: "content", tabindex: "-1" });
  main.append(content);
  return h("div", "f-frame", top, main, ways(app));
}

function ways(app: App): HTMLElement {
  const nav = make("nav", { class: "f-ways", "aria-label": say("主要页面", "Main pages") });
  const here = location.hash || "#/";
  const unsent = app.entries.length;
  const reports = app.open?.packet.one("me", "me")?.reports ?? true;
  for (const [hash, sign, zh, en] of PLACES.filter(([hash]) => reports || hash !== "#/report")) {
    const link = make("a", { href: hash, class: "f-way" }, icon(sign), h("span", "", say(zh, en)));
    if (hash === here) link.setAttribute("aria-current", "page");
    if (hash === "#/unsent" && unsent) link.append(h("b", "f-dot", String(unsent)));
    nav.append(link);
  }
  return nav;
}
