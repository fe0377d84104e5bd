/** Two people changed the same field: both values stand beside each other, and the person decides. */
import { say } from "../../lib/text";
import type { App, Open } from "../app";
import type { Entry } from "../records";
import { button, h } from "../view";

const NAMES: Record<string, [zh: string, en: string]> = {
  address: ["地点", "Place"],
  description: ["描述", "Description"],
};

export function differences(app: App, open: Open, entry: Entry): HTMLElement {
  const box = h("div", "f-differs");
  for (const [name, values] of Object.entries(entry.differs ?? {})) {
    const [zh, en] = NAMES[name] ?? [name, name];
    box.append(
      h("h3", "", say(zh, en)),
      h("dl", "", ...pair(say("我写的", "Mine"), values.mine), ...pair(say("现在的", "Now"), values.theirs)),
    );
  }
  box.append(
    h(
      "div",
      "f-row",
      button(say("用现在的", "Keep theirs"), async () => {
        await open.records.drop(entry.id);
        await app.kept();
      }),
      entry.form.startsWith("patch") &&
        button(say("用我写的", "Use mine"), () => useMine(app, open, entry), { css: "f-primary" }),
    ),
  );
  return box;
}

function pair(name: string, value: unknown): HTMLElement[] {
  return [h("dt", "", name), h("dd", "", String(value ?? "—"))];
}

/** A new record on top of what stands there now; the one that differed has been seen and goes. */
async function useMine(app: App, open: Open, entry: Entry): Promise<void> {
  const before = JSON.parse(await open.records.payload(entry.id));
  const found = entry.subject ? open.packet.one("cases", entry.subject) : undefined;
  const fields = Object.entries(entry.differs ?? {}).map(([name, { mine, theirs }]) => [
    name,
    { base: theirs, mine },
  ]);
  const payload = {
    ...before,
    revision: found?.revision ?? before.revision,
    fields: Object.fromEntries(fields),
    replaces: entry.id,
  };
  const { kind, form, subject, title } = entry;
  await open.records.keep(
    { id: crypto.randomUUID(), kind, form, subject, title, payload, files: [] },
    Date.now(),
  );
  await open.records.drop(entry.id);
  await app.kept();
}
