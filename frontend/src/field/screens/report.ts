/** Report in three taps: photo, matter, place. Words and "settled on the spot" when wanted. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { photos } from "../attachments";
import { Draft } from "../drafts";
import {
  addressOf,
  type Fault,
  faultsOf,
  LONGEST_ADDRESS,
  LONGEST_WORDS,
  type ReportForm,
  remembered,
} from "../rules";
import type { Spot } from "../shapes";
import { button, field, h, line, longText, told } from "../view";
import { voice } from "../voice";
import { begunBefore, keepOrSay } from "./keeping";
import { conditionPicker, matterPicker } from "./matter";
import { LAST_SPOTS, placePicker } from "./place";

function fresh(): ReportForm {
  return {
    id: crypto.randomUUID(),
    photos: [],
    matter: null,
    spot: null,
    detail: "",
    words: "",
    danger: false,
    settled: false,
    condition: null,
    proof: [],
    note: "",
  };
}

const FAULTS: Record<Fault, [zh: string, en: string]> = {
  say: ["请拍一张照片，写几句，或录一段话。", "Take a photo, write or record some words."],
  words: [`最多 ${LONGEST_WORDS} 字。`, `At most ${LONGEST_WORDS} characters.`],
  spot: ["请选地点。", "Choose the place."],
  address: [`地址最多 ${LONGEST_ADDRESS} 字。`, `At most ${LONGEST_ADDRESS} characters.`],
  matter: ["当场解决的要选事项。", "Choose the matter of what was settled."],
  condition: ["请选情形。", "Choose the condition."],
  proof: ["请拍一张解决后的照片。", "Take a photo of the result."],
  note: [`最多 ${LONGEST_WORDS} 字。`, `At most ${LONGEST_WORDS} characters.`],
};

export async function report(app: App, open: Open): Promise<HTMLElement> {
  const draft = await Draft.of(app, open, "report", fresh());
  const last = (await open.records.draft<Spot[]>(LAST_SPOTS))?.value ?? [];
  await open.records.tidy(Date.now());
  return new ReportScreen(app, open, draft, last).box;
}

class ReportScreen {
  readonly box = h("form", "f-screen f-form");
  private readonly fields = new Map<string, HTMLElement & { wrong(text: string): void }>();
  private readonly settledPart = h("div", "f-settled");
  private readonly form: ReportForm;

  constructor(
    private readonly app: App,
    private readonly open: Open,
    private readonly draft: Draft<ReportForm>,
    private readonly last: Spot[],
  ) {
    const { form, save } = draft;
    this.form = form;
    this.box.addEventListener("submit", (event) => event.preventDefault());
    const { records, packet } = open;
    this.box.append(begunBefore(app, draft) ?? "");
    this.box.append(
      this.named(
        "say",
        say("1 照片", "1 Photo"),
        photos(records, form.photos, (shas) => save({ photos: shas }), say("现场照片", "Photo of the scene")),
      ),
      this.named(
        "matter",
        say("2 事项", "2 Matter"),
        matterPicker(packet.all("matters"), form.matter, (id) => {
          save({ matter: id, condition: null });
          this.drawSettled();
        }),
      ),
      this.named(
        "spot",
        say("3 地点", "3 Place"),
        placePicker(open, last, form.spot, (spot) => save({ spot })),
        true,
      ),
      this.named(
        "address",
        say("具体位置（选填）", "Where exactly (optional)"),
        line(form.detail, 80, (detail) => save({ detail })),
      ),
      this.named(
        "words",
        say("说几句（选填）", "Some words (optional)"),
        longText(form.words, LONGEST_WORDS, (words) => save({ words })),
      ),
      voice(records, form.voice ?? [], (shas) => save({ voice: shas })) ?? "",
    );
    this.box.append(
      this.tick(say("有危险，请马上处理", "Dangerous: act at once"), form.danger, (danger) =>
        save({ danger }),
      ),
      this.tick(say("当场解决了", "Settled on the spot"), form.settled, (settled) => {
        save({ settled });
        this.drawSettled();
      }),
      this.settledPart,
      h(
        "div",
        "f-actions",
        button(say("提交", "Send"), () => this.send(), { icon: "send", css: "f-primary" }),
      ),
    );
    this.drawSettled();
  }

  private named(name: string, label: string, control: HTMLElement, required = false): HTMLElement {
    const made = field(label, control, required);
    this.fields.set(name, made);
    return made;
  }

  private tick(label: string, checked: boolean, changed: (checked: boolean) => void): HTMLElement {
    const input = make("input", { type: "checkbox", class: "f-switch" });
    input.checked = checked;
    input.addEventListener("change", () => changed(input.checked));
    return h("label", "f-choice", input, h("span", "", label));
  }

  private drawSettled(): void {
    const { form, open } = this;
    const { save } = this.draft;
    this.settledPart.hidden = !form.settled;
    if (!form.settled) {
      this.settledPart.replaceChildren();
      return;
    }
    const matter = open.packet.one("matters", form.matter ?? "");
    this.settledPart.replaceChildren(
      this.named(
        "condition",
        say("情形", "Condition"),
        conditionPicker(matter, form.condition, true, (condition) => save({ condition })),
        true,
      ),
      this.named(
        "proof",
        say("解决后的照片", "Photo of the result"),
        photos(
          open.records,
          form.proof,
          (shas) => save({ proof: shas }),
          say("解决后的照片", "Photo of the result"),
        ),
        true,
      ),
      this.named(
        "note",
        say("怎样解决的（选填）", "How it was solved (optional)"),
        longText(form.note, LONGEST_WORDS, (words) => save({ note: words })),
      ),
    );
  }

  private async send(): Promise<void> {
    const { form, open, app } = this;
    const matter = open.packet.one("matters", form.matter ?? "");
    const faults = faultsOf(form, matter);
    for (const [name, box] of this.fields) {
      const words = faults.includes(name as Fault) ? FAULTS[name as Fault] : undefined;
      box.wrong(words ? say(...words) : "");
    }
    if (faults[0]) {
      this.fields.get(faults[0])?.scrollIntoView({ block: "center" });
      return;
    }
    const spot = form.spot as Spot;
    const said = form.words.trim() || matter?.name || unwritten(form);
    const address = addressOf(spot, form.detail);
    const payload = {
      description: said,
      matter: form.matter,
      condition: form.settled ? form.condition : null,
      place: { ...spot, dwelling: undefined, address },
      photos: form.photos,
      voice: form.voice ?? [],
      settled: form.settled,
      proof: form.settled ? form.proof : [],
      note: form.settled ? form.note.trim() : "",
      danger: form.danger,
    };
    const files = [...form.photos, ...payload.voice, ...payload.proof];
    const title = say(
      `上报：${matter?.name ?? said}，${address}`,
      `Report: ${matter?.name ?? said}, ${address}`,
    );
    const record = { id: form.id, kind: "report", form: "report-1", subject: null, title, payload, files };
    await this.draft.written();
    if (!(await keepOrSay(app, open, record, this.box))) return;
    await this.draft.drop();
    await open.records.saveDraft(LAST_SPOTS, remembered(this.last, spot), Date.now());
    told(say("已记下，联网后自动发送。", "Kept; it is sent when there is a network."));
    location.hash = "#/";
  }
}

/** What stands for the words when there are none. */
function unwritten(form: ReportForm): string {
  return form.photos.length ? say("见照片", "See the photo") : say("见录音", "See the recording");
}
