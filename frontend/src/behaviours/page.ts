import { each, icon, make, on } from "../lib/dom";
import { say } from "../lib/text";
import { toast } from "./toasts";

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // an old browser, or a page served without TLS
  }
}

function copyButtons(): void {
  on("click", "[data-copy]", async (button) => {
    const text = button.dataset.copy ?? "";
    if (await copy(text)) toast(say(`已复制：${text}`, `Copied: ${text}`), "success");
    else toast(say(`请手工抄下：${text}`, `Please write it down: ${text}`), "warning");
  });
}

function offlineBanner(): void {
  const show = () => {
    const banner = document.getElementById("offline");
    if (banner) banner.hidden = navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

const YEAR_S = 365 * 24 * 3600;

/** Theme and letter size change at once and are kept in cookies, so that the server draws the next page so. */
function lookSwitch(): void {
  on("click", "button[data-look]", (pressed) => {
    const button = pressed as HTMLButtonElement;
    const name = button.dataset.look ?? "";
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox
    document.cookie = `${name}=${button.value}; path=/; max-age=${YEAR_S}; samesite=lax`;
    const root = document.documentElement;
    if (name === "elderly") root.classList.toggle("large", button.value === "1");
    else if (button.value === "auto") root.removeAttribute("data-bs-theme");
    else root.setAttribute("data-bs-theme", button.value);
    for (const other of document.querySelectorAll<HTMLButtonElement>(`button[data-look="${name}"]`)) {
      other.setAttribute("aria-pressed", String(other.value === button.value));
    }
    document.dispatchEvent(new CustomEvent("wangge:look"));
  });
}

/** Thumbnails with data-full open large; arrows walk through the strip. */
function lightbox(): void {
  on("click", "a[data-full]", (link, event) => {
    event.preventDefault();
    const strip = [
      ...(link.closest(".photo-strip")?.querySelectorAll<HTMLAnchorElement>("a[data-full]") ?? []),
    ];
    let at = strip.indexOf(link as HTMLAnchorElement);
    const image = make("img", {});
    const caption = make("figcaption", {});
    const show = (step: number) => {
      at = (at + step + strip.length) % strip.length;
      const current = strip[at];
      image.src = current?.href ?? "";
      image.alt = current?.querySelector("img")?.alt ?? "";
      caption.textContent = `${current?.dataset.full ?? ""}  ${at + 1} / ${strip.length}`;
    };
    const turn = (name: string, label: string, step: number) => {
      const button = make(
        "button",
        { type: "button", class: "btn btn-icon", "aria-label": label },
        icon(name),
      );
      button.addEventListener("click", () => show(step));
      return button;
    };
    const close = make(
      "button",
      { class: "btn btn-icon", "data-close": "", "aria-label": say("关闭", "Close") },
      icon("x"),
    );
    const bar = make("div", { class: "lightbox-bar" }, close);
    if (strip.length > 1) {
      bar.prepend(
        turn("chevron-left", say("上一张", "Previous"), -1),
        turn("chevron-right", say("下一张", "Next"), 1),
      );
    }
    const dialog = make(
      "dialog",
      { class: "lightbox", "aria-label": say("照片", "Photo") },
      make("figure", {}, image, caption),
      bar,
    );
    dialog.addEventListener("keydown", (press) => {
      if (press.key === "ArrowLeft") show(-1);
      if (press.key === "ArrowRight") show(1);
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    show(0);
    dialog.showModal();
  });
}

/** Messages of the server that need no answer can be put away. */
function notes(): void {
  on("click", ".note-close", (button) => button.closest(".note")?.remove());
  each<HTMLElement>("[data-print]", (button) => button.addEventListener("click", () => window.print()));
}

export function page(): void {
  copyButtons();
  offlineBanner();
  lookSwitch();
  lightbox();
  notes();
}
