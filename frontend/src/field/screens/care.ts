/** Care that somebody asks for at the door, with the text that they agree to. Nothing is kept without their consent. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import { Draft } from "../drafts";
import { type CareFault, type CareForm, careFaults, LONGEST_NAME, LONGEST_NOTE } from "../rules";
import type { Care, Household, Spot } from "../shapes";
import { button, choices, empty, field, h, line, longText, told } from "../view";
import { dayOf, zoneOf } from "../zone";
import { begunBefore, keepOrSay } from "./keeping";
import { doors, LAST_SPOTS, placePicker } from "./place";

export const CARE_DRAFT = "care";
const OTHER = "other";

export function freshCare(spot: Spot | null = null): CareForm {
  const asked = { resident: null, name: "", phone: "", kind: "", asks: "", applicant: "", way: "" };
  return { id: crypto.randomUUID(), ...asked, spot, span: 182 };
}

const FAULTS: Record<CareFault, [zh: string, en: string]> = {
  spot: ["请选住在哪一户。", "Choose the door."],
  name: ["请写姓名。", "Write the name."],
  phone: ["电话号码应为 5 至 15 位数字。", "A phone has 5 to 15 digits."],
  kind: ["请选一项。", "Choose one."],
  applicant: ["请选一项。", "Choose one."],
  way: ["请选一项。", "Choose one."],
  agreed: ["本人同意后才能登记。", "Nothing is kept without the person's consent."],
};

/** The form; for the people of a visit when its id is given. */
export async function care(app: App, open: Open, visit: string): Promise<HTMLElement> {
  const [text] = open.packet.all("care");
  if (!text) {
    const words = say("照料申请由网格和社区登记。", "Care is registered by grids and communities.");
    return h("div", "f-screen", empty(words));
  }
  const draft = await Draft.of(app, open, visit ? `${CARE_DRAFT}:${visit}` : CARE_DRAFT, freshCare());
  const last = (await open.records.draft<Spot[]>(LAST_SPOTS))?.value ?? [];
  const home = open.packet.one("households", open.packet.one("visits", visit)?.household ?? "");
  return new CareScreen(app, open, draft, text, last, home).box;
}

class CareScreen {
  readonly box = h("form", "f-screen f-form");
  private readonly fields = new Map<CareFault, HTMLElement & { wrong(text: string): void }>();
  private readonly tick = make("input", { type: "checkbox" });

  constructor(
    private readonly app: App,
    private readonly open: Open,
    private readonly draft: Draft<CareForm>,
    private readonly text: Care,
    last: Spot[],
    home: Household | undefined,
  ) {
    const { form, save } = draft;
    this.box.addEventListener("submit", (event) => event.preventDefault());
    // The place alone may have come from a diary note.
    const begun = form.name || form.resident || form.kind || form.asks;
    this.box.append((begun && begunBefore(app, draft)) || "");
    this.box.append(home ? this.whoOfHome(home) : this.whoAtDoor(last));
    this.box.append(
      this.oneOf("kind", say("需要哪种照料", "Which care"), text.kinds),
      field(
        say("希望得到什么帮助（选填）", "What help is wished for (optional)"),
        longText(form.asks, LONGEST_NOTE, (asks) => save({ asks })),
      ),
      this.spans(),
      this.oneOf("applicant", say("谁提出的", "Who asks for it"), text.applicants),
      this.consent(),
      this.oneOf("way", say("怎样同意的", "How they agree"), text.ways),
    );
    const keep = button(say("登记申请", "Keep the application"), () => this.send(), {
      icon: "check",
      css: "f-primary",
    });
    this.box.append(h("div", "f-actions", keep));
  }

  private named(name: CareFault, label: string, control: HTMLElement, required = true): HTMLElement {
    const made = field(label, control, required);
    this.fields.set(name, made);
    return made;
  }

  private oneOf(name: "kind" | "applicant" | "way", label: string, offered: [string, string][]): HTMLElement {
    const { form, save } = this.draft;
    const options = offered.map(([value, label]) => ({ value, label }));
    return this.named(
      name,
      label,
      choices(options, form[name] || null, (value) => save({ [name]: value }), "f-two"),
    );
  }

  private spans(): HTMLElement {
    const { form, save } = this.draft;
    const options = this.text.spans.map((days) => ({ value: String(days), label: spanWords(days) }));
    const chosen = choices(options, String(form.span), (value) => save({ span: Number(value) }), "f-two");
    return field(say("照料多久，到期前复核", "For how long; it is looked at again before"), chosen);
  }

  /** Who waits for this visit, or somebody else of the household. */
  private whoOfHome(home: Household): HTMLElement {
    const { form, save } = this.draft;
    form.spot = { ...NOWHERE, address: home.address, dwelling: home.dwelling ?? null };
    const rest = h("div", "f-form");
    const draw = (value: string) => {
      save({ resident: value === OTHER ? null : value });
      rest.replaceChildren(...(value === OTHER ? this.nameAndPhone() : []));
    };
    const offered = home.people.map(({ id, name }) => ({ value: id, label: name }));
    if (home.dwelling) offered.push({ value: OTHER, label: say("家里其他人", "Somebody else at home") });
    const known = offered.some(({ value }) => value === form.resident);
    const chosen = known ? form.resident : form.name ? OTHER : null;
    if (chosen) draw(chosen);
    const who = this.named(
      "spot",
      say(`谁要照料（${home.address}）`, `Who (${home.address})`),
      choices(offered, chosen, draw),
    );
    return h("div", "f-form", who, rest);
  }

  private whoAtDoor(last: Spot[]): HTMLElement {
    const { form, save } = this.draft;
    const picker = placePicker(this.open, last, form.spot, (spot) => save({ spot }), doors);
    return h(
      "div",
      "f-form",
      this.named("spot", say("住在哪里", "Where they live"), picker),
      ...this.nameAndPhone(),
    );
  }

  private nameAndPhone(): HTMLElement[] {
    const { form, save } = this.draft;
    const phone = line(form.phone, 20, (phone) => save({ phone }));
    phone.type = "tel";
    return [
      this.named(
        "name",
        say("姓名", "Name"),
        line(form.name, LONGEST_NAME, (name) => save({ name })),
      ),
      this.named("phone", say("电话（选填）", "Phone (optional)"), phone, false),
    ];
  }

  /** The text in full, to be read out; the tick is never set for the person, not by a draft either. */
  private consent(): HTMLElement {
    const { title, body, id } = this.text;
    const words = body.split("\n").map((part) => h("p", "", part));
    const label = h(
      "label",
      "f-choice",
      this.tick,
      h("span", "", say("已读给本人听，本人同意", "Read out to the person, who agrees")),
    );
    const box = h(
      "div",
      "f-consent",
      ...words,
      h("p", "f-hint", say(`同意书版本：${id}`, `Version of the text: ${id}`)),
      label,
    );
    return this.named("agreed", title, box);
  }

  private async send(): Promise<void> {
    const { app, open, draft, text } = this;
    const { form } = draft;
    const faults = careFaults(form, this.tick.checked);
    for (const [name, box] of this.fields) box.wrong(faults.includes(name) ? say(...FAULTS[name]) : "");
    const [first] = faults;
    if (first) {
      this.fields.get(first)?.scrollIntoView({ block: "center" });
      return;
    }
    const payload = {
      resident: form.resident,
      dwelling: form.resident ? null : form.spot?.dwelling,
      name: form.resident ? "" : form.name.trim(),
      phone: form.resident ? "" : form.phone.trim(),
      kind: form.kind,
      asks: form.asks.trim(),
      applicant: form.applicant,
      consent_text: text.id,
      consent_way: form.way,
      consent_on: dayOf(new Date(), zoneOf(open.packet)),
      span: form.span,
    };
    const title = say(`照料申请：${form.spot?.address}`, `Care: ${form.spot?.address}`);
    const record = { id: form.id, kind: "care", form: "care-1", subject: null, title, payload, files: [] };
    await draft.written();
    if (!(await keepOrSay(app, open, record, this.box))) return;
    await draft.drop();
    told(say("已登记，联网后发送。", "Kept; it is sent when there is a network."));
    location.hash = "#/";
  }
}

const NOWHERE: Spot = { facility: null, building: null, area: null, lon: null, lat: null, address: "" };

function spanWords(days: number): string {
  const months = Math.round(days / 30.4);
  if (months === 6) return say("半年", "Half a year");
  return months === 12
    ? say("一年", "A year")
    : say(`${months} 个月`, months === 1 ? "A month" : `${months} months`);
}
