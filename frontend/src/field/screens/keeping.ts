import { say } from "../../lib/text";
import type { App, Open } from "../app";
import type { Draft } from "../drafts";
import type { NewRecord } from "../records";
import { Full } from "../store";
import { button, note } from "../view";

function notKept(): string {
  return say(
    "手机存储已满，这一条还没有记下。请不要离开本页：删掉手机里的一些照片或应用，再按一次。",
    "The phone's storage is full and this is not kept yet. Stay on this page: free some room, then press again.",
  );
}

/** Keeps a record; when the phone is full the form stays as it is and says so. */
export async function keepOrSay(
  app: App,
  open: Open,
  record: NewRecord,
  form: HTMLElement,
): Promise<boolean> {
  try {
    await open.records.keep(record, Date.now());
  } catch (error) {
    if (!(error instanceof Full)) throw error;
    form.querySelector(".f-full")?.remove();
    const told = note("danger", notKept());
    told.classList.add("f-full");
    form.append(told);
    told.scrollIntoView({ block: "center" });
    return false;
  }
  await app.kept();
  return true;
}

/** Says that a form was begun before, with the way to begin anew; nothing for a fresh one. */
export function begunBefore<T extends { id: string }>(app: App, draft: Draft<T>): HTMLElement | null {
  if (!draft.restored) return null;
  const clear = async () => {
    await draft.drop();
    app.show();
  };
  const again = button(say("重新开始", "Begin anew"), clear, { css: "f-quiet" });
  return note("info", say("接着上次没写完的。", "Going on with what you had begun."), again);
}

/** Opens a form where its button stood, and brings it into view. */
export function inPlace(box: HTMLElement, form: HTMLElement): void {
  box.replaceChildren(form);
  form.scrollIntoView({ block: "start" });
}
