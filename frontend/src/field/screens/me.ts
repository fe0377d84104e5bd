/** My post, this phone, type size, locking and signing out. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { session } from "../sync";
import { askPerson, button, h, note, section } from "../view";
import { comingShifts } from "./rounds";
import { exportAll } from "./unsent";

export async function me(app: App, open: Open): Promise<HTMLElement> {
  const mine = open.packet.one("me", "me");
  const kept = (await navigator.storage?.persisted?.()) ?? false;
  const used = ((await navigator.storage?.estimate?.())?.usage ?? 0) / 1024 / 1024;
  const grids = mine?.grids.map((grid) => grid.name).join("、") ?? "";
  const large = make("input", { type: "checkbox", class: "f-switch" });
  large.checked = document.documentElement.classList.contains("large");
  large.addEventListener("change", () => setLarge(large.checked));
  return h(
    "div",
    "f-screen",
    section(mine?.name ?? "", null, h("p", "", mine?.post ?? ""), h("p", "f-sub", grids)),
    comingShifts(open, new Date()),
    section(
      say("显示", "Display"),
      null,
      h("label", "f-choice", large, h("span", "", say("大字版", "Large type"))),
    ),
    section(
      say("这部手机", "This phone"),
      null,
      h("p", "", say(`占用 ${used.toFixed(1)} MB`, `${used.toFixed(1)} MB used`)),
      note(
        kept ? "success" : "warning",
        kept
          ? say("浏览器答应不自动清理本机资料。", "The browser promised not to clear this data.")
          : say(
              "浏览器可能在空间不够时清理资料。请把本页添加到主屏幕，并及时发送记录。",
              "The browser may clear this data when room is short. Add this page to the home screen.",
            ),
      ),
      h(
        "p",
        "f-hint",
        say(
          "只下载今天要用的资料，加密保存，24 小时后清除。不记录您的位置。",
          "Only what today's work needs is downloaded, encrypted, and removed after 24 hours. Your position is never recorded.",
        ),
      ),
    ),
    h(
      "div",
      "f-actions",
      button(say("锁定", "Lock"), () => app.lock(), { icon: "lock", css: "f-primary" }),
      button(say("退出登录", "Sign out"), () => signOut(app, open), { icon: "logout" }),
      make(
        "a",
        { class: "f-button f-quiet", href: document.documentElement.dataset.desk ?? "/" },
        say("打开工作台", "Open the desk"),
      ),
    ),
  );
}

const LARGE = "wangge:large";

export function setLarge(on: boolean): void {
  document.documentElement.classList.toggle("large", on);
  localStorage.setItem(LARGE, on ? "1" : "0");
}

/** The type size that was chosen on this phone. */
export function wantsLarge(): boolean {
  return localStorage.getItem(LARGE) === "1";
}

async function signOut(app: App, open: Open): Promise<void> {
  const left = app.entries.length;
  const answers = [
    ...(left
      ? [{ value: "export", label: say("先导出，再退出", "Export, then sign out"), css: "f-primary" }]
      : []),
    { value: "out", label: say("退出登录", "Sign out"), css: left ? "" : "f-primary" },
    { value: "", label: say("取消", "Cancel") },
  ];
  const text = left
    ? say(
        `还有 ${left} 条没有办完。退出后留在本机，您下次登录再发送；也可以先导出。`,
        `${left} records are not finished. They stay on this phone until you sign in again; you can export them first.`,
      )
    : say("下载的资料会从本机清除。", "The downloaded data will be removed from this phone.");
  const answer = await askPerson(say("退出登录", "Sign out"), text, answers);
  if (!answer) return;
  if (answer === "export") await exportAll(open);
  await leaveServer();
  await app.end("");
}

/** Ends the session where there is a line; without one the packet goes all the same. */
async function leaveServer(): Promise<void> {
  try {
    const { csrf } = await session();
    const address = document.documentElement.dataset.signOut ?? "";
    await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf }, redirect: "manual" });
  } catch {
    // no network: the session runs out by itself
  }
}
