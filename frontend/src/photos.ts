import { toast } from "./behaviours/toasts";
import { each, icon, make } from "./lib/dom";
import { redrawn } from "./lib/picture";
import { say } from "./lib/text";

const LONGEST_PX = 2000;
const QUALITY = 0.85;

/** Files that still have room, and how many were left out. */
export function admit<T>(held: number, offered: T[], max: number): [T[], number] {
  const room = Math.max(0, max - held);
  return [offered.slice(0, room), Math.max(0, offered.length - room)];
}

/** Re-encoded as JPEG of at most 2000 px (this drops position data too); what cannot be read, e.g. HEIC, goes as it
 * is: the server decides. */
async function shrink(file: File): Promise<File> {
  return (await redrawn(file, LONGEST_PX, QUALITY)) ?? file;
}

/** Turns <div data-photos data-max="6"><input type="file" multiple></div> into a strip with previews. */
class PhotoInput {
  private files: File[] = [];
  private readonly max: number;
  private readonly strip = make("ul", {
    class: "photo-edit",
    "aria-label": say("已选照片", "Chosen photos"),
  });
  private readonly status = make("div", { class: "form-hint", role: "status" });

  constructor(
    private readonly box: HTMLElement,
    private readonly input: HTMLInputElement,
  ) {
    this.max = Number(box.dataset.max ?? "6");
    const camera = make("input", { type: "file", accept: "image/*", capture: "environment", hidden: "" });
    const shoot = this.button("camera", say("拍照", "Take photo"), () => camera.click());
    const choose = this.button("photo-plus", say("选照片", "Choose photos"), () => this.input.click());
    this.input.classList.add("visually-hidden");
    this.input.tabIndex = -1;
    camera.addEventListener("change", () => void this.add(camera));
    this.input.addEventListener("change", () => void this.add(this.input));
    box.append(this.strip, make("div", { class: "btn-list" }, shoot, choose), camera, this.status);
    this.say();
  }

  private button(name: string, label: string, act: () => void): HTMLButtonElement {
    const button = make("button", { type: "button", class: "btn" }, icon(name), label);
    button.addEventListener("click", act);
    return button;
  }

  private async add(from: HTMLInputElement): Promise<void> {
    const offered = [...(from.files ?? [])].filter((file) => file.type.startsWith("image/"));
    const [taken, left] = admit(this.files.length, offered, this.max);
    if (from !== this.input) from.value = "";
    this.hand(); // the browser has replaced the list by the new choice alone: give the held ones back
    if (left) toast(say(`最多 ${this.max} 张照片。`, `At most ${this.max} photos.`), "warning");
    this.box.setAttribute("aria-busy", "true");
    for (const [at, file] of taken.entries()) {
      this.status.textContent = say(
        `正在处理 ${at + 1} / ${taken.length}…`,
        `Preparing ${at + 1} of ${taken.length}…`,
      );
      this.show(await shrink(file));
    }
    this.box.removeAttribute("aria-busy");
    this.say();
  }

  private show(file: File): void {
    this.files.push(file);
    this.hand();
    const url = URL.createObjectURL(file);
    const image = make("img", { src: url, alt: file.name });
    const remove = make(
      "button",
      {
        type: "button",
        class: "photo-remove",
        "aria-label": say(`移除 ${file.name}`, `Remove ${file.name}`),
      },
      icon("x"),
    );
    const item = make("li", {}, image, remove);
    remove.addEventListener("click", () => {
      URL.revokeObjectURL(url);
      this.files = this.files.filter((held) => held !== file);
      item.remove();
      this.hand();
      this.say();
    });
    this.strip.append(item);
  }

  /** Puts the held files back into the input, so that an ordinary form sends them. */
  private hand(): void {
    const transfer = new DataTransfer();
    for (const file of this.files) transfer.items.add(file);
    this.input.files = transfer.files;
  }

  private say(): void {
    const bytes = this.files.reduce((sum, file) => sum + file.size, 0);
    const size = (bytes / 1024 / 1024).toFixed(1);
    this.status.textContent = this.files.length
      ? say(
          `${this.files.length} / ${this.max} 张，共 ${size} MB`,
          `${this.files.length} of ${this.max}, ${size} MB`,
        )
      : say(`最多 ${this.max} 张`, `At most ${this.max}`);
  }
}

each<HTMLElement>("[data-photos]", (box) => {
  const input = box.querySelector<HTMLInputElement>("input[type=file]");
  if (input) new PhotoInput(box, input);
});
