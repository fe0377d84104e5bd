/** Words that are said instead of typed: recorded, heard again, taken away. Sound alone, kept sealed like the photos. */
import { make } from "../lib/dom";
import { say } from "../lib/text";
import type { Records } from "./records";
import { MOST_RECORDINGS } from "./rules";
import { fullWords } from "./screens/unsent";
import { Full } from "./store";
import { button, h } from "./view";

// What the server takes; the first that this browser can make.
const TYPES = ["audio/webm", "audio/mp4", "audio/ogg"];
// Enough for a matter, and well under 5 MB.
const LONGEST_S = 120;
const BITS_A_SECOND = 32_000;

/** Recordings of a form; nothing where the browser cannot record. */
export function voice(
  records: Records,
  held: string[],
  changed: (shas: string[]) => void,
): HTMLElement | null {
  const type = recordable();
  if (!type) return null;
  let shas = [...held];
  const list = h("ul", "f-voices");
  const status = make("p", { class: "f-hint", role: "status" });
  const show = async (sha: string) => {
    const blob = await records.file(sha);
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    const player = make("audio", { src: url, controls: "", "aria-label": say("录音", "Recording") });
    const remove = button("", () => drop(), { icon: "x", name: say("删除录音", "Remove the recording") });
    const item = h("li", "f-row", player, remove);
    const drop = () => {
      URL.revokeObjectURL(url);
      item.remove();
      shas = shas.filter((other) => other !== sha);
      changed(shas);
    };
    list.append(item);
  };
  const keep = async (blob: Blob) => {
    try {
      const { sha256 } = await records.keepFile(blob, Date.now());
      shas = [...shas, sha256];
      changed(shas);
      await show(sha256);
    } catch (error) {
      if (!(error instanceof Full)) throw error;
      status.textContent = fullWords();
    }
  };
  const box = h("div", "f-row");
  const idle = () => {
    box.replaceChildren(button(say("录音", "Record"), begin, { icon: "microphone" }));
  };
  const begin = async () => {
    status.textContent = "";
    if (shas.length >= MOST_RECORDINGS) {
      status.textContent = say(`最多 ${MOST_RECORDINGS} 段。`, `At most ${MOST_RECORDINGS}.`);
      return;
    }
    const heard = await microphone();
    if (!heard) {
      status.textContent = say(
        "用不了话筒。请在浏览器的网站设置里允许本页使用话筒，或者写几句。",
        "The microphone is not open to this page. Allow it in the browser's site settings, or write some words.",
      );
      return;
    }
    const recording = record(heard, type);
    const stop = button(say("说完了", "Done"), () => recording.stop(), {
      icon: "player-stop",
      css: "f-danger",
    });
    box.replaceChildren(stop);
    status.textContent = say(
      `正在录音，最长 ${LONGEST_S / 60} 分钟。`,
      `Recording, at most ${LONGEST_S / 60} minutes.`,
    );
    // Whoever leaves the form is heard no longer, and what was begun is not kept for a form that is gone.
    addEventListener("hashchange", recording.stop, { once: true });
    const made = await recording.made;
    removeEventListener("hashchange", recording.stop);
    status.textContent = "";
    idle();
    if (made.size && box.isConnected) await keep(made);
  };
  idle();
  for (const sha of shas) void show(sha);
  return h("div", "f-attach", list, box, status);
}

function recordable(): string | undefined {
  if (!("MediaRecorder" in window) || !navigator.mediaDevices?.getUserMedia) return undefined;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type));
}

async function microphone(): Promise<MediaStream | undefined> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return undefined;
  }
}

/** A running recording: `made` is the whole once it was stopped or has grown too long. */
function record(heard: MediaStream, type: string): { stop(): void; made: Promise<Blob> } {
  const recorder = new MediaRecorder(heard, { mimeType: type, audioBitsPerSecond: BITS_A_SECOND });
  const parts: Blob[] = [];
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  const end = setTimeout(stop, LONGEST_S * 1000);
  const made = new Promise<Blob>((resolve) => {
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearTimeout(end);
      for (const track of heard.getTracks()) track.stop();
      resolve(new Blob(parts, { type }));
    });
  });
  recorder.start();
  return { stop, made };
}
