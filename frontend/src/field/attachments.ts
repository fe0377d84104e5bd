/** Photos of a form: taken, kept sealed at once, shown, and taken away again. */
import { make } from "../lib/dom";
import { redrawn } from "../lib/picture";
import { say } from "../lib/text";
import type { Records } from "./records";
import { MOST_PHOTOS } from "./rules";
import { fullWords } from "./screens/unsent";
import { Full } from "./store";
import { button, h } from "./view";

// Enough to read a house number, small enough for a bad line: some 300 kB.
const LONGEST_PX = 1600;
const QUALITY = 0.8;

type Changed = (shas: string[]) => void;

/** A strip of photos with "take" and "choose". Each is drawn anew, so that no position goes with it. */
export function photos(records: Records, held: string[], changed: Changed, label: string): HTMLElement {
  let shas = [...held];
  const strip = h("ul", "f-photos");
  const status = make("p", { class: "f-hint", role: "status" });
  const show = async (sha: string) => {
    const blob = await records.file(sha);
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    const remove = button("", () => drop(), {
      icon: "x",
      css: "f-remove",
      name: say("移除照片", "Remove the photo"),
    });
    const item = h("li", "", make("img", { src: url, alt: label }), remove);
    const drop = () => {
      URL.revokeObjectURL(url);
      item.remove();
      shas = shas.filter((other) => other !== sha);
      changed(shas);
    };
    strip.append(item);
  };
  const add = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = "";
    for (const file of files.slice(0, MOST_PHOTOS - shas.length)) {
      status.textContent = say("正在处理照片…", "Preparing the photo…");
      status.textContent = await take(file);
    }
    if (files.length && shas.length >= MOST_PHOTOS) {
      status.textContent = say(`最多 ${MOST_PHOTOS} 张。`, `At most ${MOST_PHOTOS}.`);
    }
  };
  const take = async (file: File): Promise<string> => {
    const drawn = await redrawn(file, LONGEST_PX, QUALITY);
    if (!drawn) return say("这张照片读不出来，请重拍。", "This photo cannot be read; please take another.");
    try {
      const { sha256 } = await records.keepFile(drawn, Date.now());
      if (!shas.includes(sha256)) {
        shas = [...shas, sha256];
        changed(shas);
        await show(sha256);
      }
      return "";
    } catch (error) {
      if (error instanceof Full) return fullWords();
      throw error;
    }
  };
  const camera = fileInput(add, label, { capture: "environment" });
  const choose = fileInput(add, say(`${label}：从相册选`, `${label}: from the album`), { multiple: "" });
  for (const sha of shas) void show(sha);
  return h(
    "div",
    "f-attach",
    strip,
    h(
      "div",
      "f-row",
      button(say("拍照", "Take a photo"), () => camera.click(), { icon: "camera", css: "f-primary" }),
      button(say("从相册选", "From the album"), () => choose.click(), { icon: "photo" }),
    ),
    camera,
    choose,
    status,
  );
}

function fileInput(
  add: (input: HTMLInputElement) => Promise<void>,
  label: string,
  more: Record<string, string>,
) {
  const input = make("input", { type: "file", accept: "image/*", hidden: "", "aria-label": label, ...more });
  input.addEventListener("change", () => void add(input));
  return input;
}
