import "./styles/field.css";
import { App } from "./field/app";
import { embedded } from "./field/embedding";
import { care } from "./field/screens/care";
import { caseScreen } from "./field/screens/case";
import { diary } from "./field/screens/diary";
import { door } from "./field/screens/door";
import { frame, statusLine } from "./field/screens/frame";
import { me, setLarge, wantsLarge } from "./field/screens/me";
import { meetingScreen } from "./field/screens/meeting";
import { report } from "./field/screens/report";
import { today } from "./field/screens/today";
import { unsent } from "./field/screens/unsent";
import { visitScreen } from "./field/screens/visit";
import { serve } from "./field/updates";
import { say } from "./lib/text";

// Screens that show what came in; a form stays as the person left it.
const LISTS = new Set(["#/", "#/unsent"]);
const LOCK_AFTER_MS = 10 * 60_000;

const root = document.getElementById("field") ?? document.body;
let drawing = 0;

/** Shows the screen of the address; `whole` also when a form is open. */
async function draw(whole: boolean): Promise<void> {
  const here = location.hash || "#/";
  // Counts as no drawing: it must not overtake one that is still being prepared.
  if (!whole && app.open && !LISTS.has(here)) return refreshStatus();
  drawing += 1;
  const mine = drawing;
  const top = whole ? 0 : scrollY;
  const screen = app.open ? await screenOf(here) : await door(app);
  if (mine !== drawing) return; // a later drawing has overtaken this one
  root.replaceChildren(screen);
  scrollTo(0, top);
}

function refreshStatus(): void {
  const old = root.querySelector(".f-status");
  if (old) old.replaceWith(statusLine(app));
}

async function screenOf(here: string): Promise<HTMLElement> {
  const { open } = app;
  if (!open) return door(app);
  const [, page = "", id = ""] = here.split("/");
  switch (page) {
    case "report":
      return frame(app, say("上报", "Report"), true, await report(app, open));
    case "case":
      return frame(app, say("案件", "Case"), true, caseScreen(app, open, id));
    case "visit":
      return frame(app, say("探访", "Visit"), true, await visitScreen(app, open, id));
    case "care":
      return frame(app, say("照料申请", "Care"), true, await care(app, open, id));
    case "diary":
      return frame(app, say("记日记", "Diary note"), true, await diary(app, open));
    case "meeting":
      return frame(app, say("会议活动", "Meeting"), true, await meetingScreen(app, open, id));
    case "unsent":
      return frame(app, say("未发送", "Unsent"), false, unsent(app, open));
    case "me":
      return frame(app, say("我的", "Me"), false, await me(app, open));
    default:
      return frame(app, say("今天", "Today"), false, today(app, open));
  }
}

const app: App = new App((whole) => void draw(whole));
setLarge(wantsLarge());
document.documentElement.classList.toggle("embedded", embedded());
addEventListener("hashchange", () => void draw(true));
addEventListener("online", () => app.wake());
let hiddenMs = 0;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenMs = Date.now();
  else if (app.open && Date.now() - hiddenMs > LOCK_AFTER_MS) void app.lock();
  else app.wake();
});
void app.begin();
void serve(document.documentElement.dataset.worker ?? "", () => !app.open);
