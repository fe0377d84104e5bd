/** What is still on this phone: waiting, being handled, or not taken and to be looked at. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import { ago } from "../../lib/time";
import type { App, Open } from "../app";
import { about, type Entry, STUCK, type State } from "../records";
import { askPerson, button, empty, h, mark, note, section } from "../view";
import { differing } from "./differing";
import { signInAgain } from "./today";

const WORDS: Record<State, [tone: string, icon: string, zh: string, en: string]> = {
  unsent: ["yellow", "upload", "等待发送", "Waiting"],
  sent: ["active", "check", "服务器已收到", "Received"],
  refused: ["danger", "alert-circle", "没有办成", "Not taken"],
  differs: ["yellow", "alert-triangle", "别人也改了", "Changed by others too"],
  conflict: ["danger", "alert-circle", "和已收到的不一样", "Not what was received"],
  malformed: ["danger", "alert-circle", "服务器读不懂", "Not understood"],
};

export function unsent(app: App, open: Open): HTMLElement {
  const stuck = app.entries.filter((entry) => STUCK.has(entry.state));
  const waiting = app.entries.filter((entry) => !STUCK.has(entry.state));
  const screen = h("div", "f-screen");
  if (app.status.line === "signed_out") screen.append(signInAgain());
  if (app.status.line === "full") screen.append(note("danger", fullWords()));
  if (stuck.length) {
    screen.append(
      section(
        say("要您看一下", "To look at"),
        stuck.length,
        list(stuck.map((entry) => row(app, open, entry))),
      ),
    );
  }
  screen.append(
    section(
      say("等待发送或办理", "On their way"),
      waiting.length,
      waiting.length
        ? list(waiting.map((entry) => row(app, open, entry)))
        : empty(
            stuck.length
              ? say("没有等待发送的。", "Nothing waits to be sent.")
              : say("都发送了，本机没有留下记录。", "All sent; nothing is left on this phone."),
          ),
    ),
  );
  const actions = h(
    "div",
    "f-actions",
    button(say("现在同步", "Sync now"), () => app.exchange(), { icon: "refresh", css: "f-primary" }),
  );
  if (app.entries.length) {
    actions.append(
      button(say("导出为文件", "Export as a file"), () => exportAll(open), { icon: "download" }),
    );
  }
  screen.append(actions);
  return screen;
}

export function fullWords(): string {
  return say(
    "手机存储已满。请删掉手机里的一些照片或应用；没有发送的记录还在，可以同步，也可以导出为文件。",
    "The phone's storage is full. Free some room; unsent records are still here: sync them, or export them as a file.",
  );
}

function list(rows: HTMLElement[]): HTMLElement {
  return h("ul", "f-list", ...rows);
}

function row(app: App, open: Open, entry: Entry): HTMLElement {
  const [tone, sign, zh, en] = WORDS[entry.state];
  const bytes = entry.files.reduce((sum, file) => sum + file.size, 0);
  const size = bytes < 100_000 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const files = entry.files.length
    ? say(` · ${entry.files.length} 个附件，共 ${size}`, ` · ${entry.files.length} files, ${size}`)
    : "";
  const box = h(
    "li",
    "f-card",
    h("b", "", entry.title),
    h("span", "f-sub", ago(new Date(entry.madeMs), new Date()), files),
    h("span", "f-marks", mark(tone, sign, say(zh, en))),
  );
  for (const text of Object.values(entry.problem ?? {})) box.append(h("p", "f-wrong", text));
  if (entry.state === "differs" && entry.differs) box.append(differing(app, open, entry, entry.differs));
  else if (STUCK.has(entry.state)) box.append(written(open, entry), letGo(app, open, entry));
  return box;
}

// What a person wrote, by the names of the forms.
const WRITTEN = ["description", "text", "minutes", "note", "asks"];

/** The person's own words of a record that was not taken, to be copied into another. */
function written(open: Open, entry: Entry): HTMLElement {
  const box = make("details", { class: "f-more" }, h("summary", "", say("看我写的", "See my words")));
  const words = h("p", "f-said");
  box.append(words);
  box.addEventListener("toggle", async () => {
    const payload: Record<string, unknown> = JSON.parse(await open.records.payload(entry.id));
    const texts = WRITTEN.map((name) => payload[name]).filter((text) => typeof text === "string" && text);
    words.textContent = texts.join("\n") || say("没有文字。", "No words.");
  });
  return box;
}

function letGo(app: App, open: Open, entry: Entry): HTMLElement {
  const act = async () => {
    const answer = await askPerson(
      say("从本机删除这条记录？", "Remove this record from the phone?"),
      say("删除后不能恢复。可以先导出保存。", "It cannot be brought back. You can export it first."),
      [
        { value: "export", label: say("先导出，再删除", "Export, then remove"), css: "f-primary" },
        { value: "drop", label: say("删除", "Remove"), css: "f-danger" },
        { value: "", label: say("取消", "Cancel") },
      ],
    );
    if (!answer) return;
    if (answer === "export") await exportAll(open);
    await open.records.drop(entry.id);
    await app.kept();
  };
  const row = h("div", "f-row");
  if (about(entry, "case")) {
    row.append(
      make("a", { class: "f-button", href: `#/case/${entry.subject}` }, say("看案件", "See the case")),
    );
  }
  row.append(button(say("知道了，删除", "Seen; remove"), act, { icon: "trash" }));
  return row;
}

/** Hands everything unsent to the person as one readable file. */
export async function exportAll(open: Open): Promise<void> {
  const text = JSON.stringify(await open.records.exported(), null, 1);
  const day = new Date().toISOString().slice(0, 10);
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = make("a", { href: url, download: `wangge-${day}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
