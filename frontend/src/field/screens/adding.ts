/** What is added to a case without moving it: a note, and corrected words. */
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { photos } from "../attachments";
import { Draft } from "../drafts";
import { LONGEST_ADDRESS, LONGEST_WORDS } from "../rules";
import type { Case } from "../shapes";
import { button, field, h, line, longText } from "../view";
import { voice } from "../voice";
import { begunBefore, inPlace, keepOrSay } from "./keeping";

type Correctable = "address" | "description";
/** Fields that may be corrected, as both people see them named. */
export const CORRECTED: Record<Correctable, () => string> = {
  address: () => say("地点", "Place"),
  description: () => say("情况", "Description"),
};

export function adding(app: App, open: Open, found: Case): HTMLElement {
  const box = h("div", "f-moves");
  const draw = () =>
    box.replaceChildren(
      h(
        "div",
        "f-row",
        button(
          say("补充说明", "Add a note"),
          async () => inPlace(box, await noting(app, open, found, draw)),
          { icon: "message" },
        ),
        button(say("更正文字", "Correct the words"), () => inPlace(box, correcting(app, open, found, draw)), {
          icon: "pencil",
        }),
      ),
    );
  draw();
  return box;
}

async function noting(app: App, open: Open, found: Case, leave: () => void): Promise<HTMLElement> {
  const fresh = { id: crypto.randomUUID(), text: "", photos: [] as string[], voice: [] as string[] };
  const draft = await Draft.of(app, open, `note:${found.id}`, fresh);
  const { form: given, save } = draft;
  const words = longText(given.text, LONGEST_WORDS, (text) => save({ text }));
  const asked = field(say("说明", "Note"), words);
  const pictures = photos(open.records, given.photos, (photos) => save({ photos }), say("照片", "Photo"));
  const form = formOf(
    say("补充说明", "Add a note"),
    begunBefore(app, draft),
    asked,
    field(say("照片", "Photos"), pictures),
  );
  form.append(voice(open.records, given.voice, (voice) => save({ voice })) ?? "");
  const send = async () => {
    const text = given.text.trim();
    const files = [...given.photos, ...given.voice];
    const said = text || files.length;
    const words = say("请写几句、拍一张照片或录一段话。", "Write, take a photo or record some words.");
    asked.wrong(said ? "" : words);
    if (!said) return;
    const title = say(`补充说明：${nameOf(found)}`, `Note: ${nameOf(found)}`);
    const payload = { text, photos: given.photos, voice: given.voice };
    const record = { id: given.id, kind: "note", form: "note-1", subject: found.id, title, payload, files };
    await draft.written();
    if (!(await keepOrSay(app, open, record, form))) return;
    await draft.drop();
    app.show();
  };
  form.append(actions(say("保存", "Keep"), send, leave));
  return form;
}

function correcting(app: App, open: Open, found: Case, leave: () => void): HTMLElement {
  const id = crypto.randomUUID();
  const mine = { address: found.address, description: found.description };
  const place = line(mine.address, LONGEST_ADDRESS, (value) => {
    mine.address = value;
  });
  const words = longText(mine.description, LONGEST_WORDS, (value) => {
    mine.description = value;
  });
  const boxes = {
    address: field(CORRECTED.address(), place),
    description: field(CORRECTED.description(), words),
  };
  const form = formOf(say("更正文字", "Correct the words"), boxes.address, boxes.description);
  const send = async () => {
    const fields = correction(found, mine);
    const blank = (Object.keys(mine) as Correctable[]).filter((name) => fields[name] && !mine[name].trim());
    for (const name of Object.keys(boxes) as Correctable[]) {
      boxes[name].wrong(blank.includes(name) ? say("请填写，不能留空。", "This cannot be empty.") : "");
    }
    if (blank.length) return;
    if (!Object.keys(fields).length) return leave();
    const title = say(`更正：${nameOf(found)}`, `Correction: ${nameOf(found)}`);
    const record = {
      id,
      kind: "patch",
      form: "patch-1",
      subject: found.id,
      title,
      payload: { fields },
      files: [],
    };
    if (await keepOrSay(app, open, record, form)) app.show();
  };
  form.append(actions(say("保存更正", "Keep the correction"), send, leave));
  return form;
}

/** The fields that the person changed, each with the text it was changed from. */
export function correction(
  found: Pick<Case, Correctable>,
  mine: Record<Correctable, string>,
): Partial<Record<Correctable, { base: string; mine: string }>> {
  const names = (Object.keys(mine) as Correctable[]).filter(
    (name) => mine[name].trim() !== found[name].trim(),
  );
  return Object.fromEntries(names.map((name) => [name, { base: found[name], mine: mine[name].trim() }]));
}

function formOf(title: string, ...fields: (HTMLElement | null)[]): HTMLFormElement {
  const form = h("form", "f-form", h("h2", "f-title", title), ...fields);
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function actions(label: string, send: () => unknown, leave: () => void): HTMLElement {
  return h(
    "div",
    "f-actions",
    button(label, send, { icon: "check", css: "f-primary" }),
    button(say("取消", "Cancel"), leave),
  );
}

function nameOf(found: Case): string {
  return `${found.matter || found.description}，${found.address}`;
}
