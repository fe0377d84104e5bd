/** Reads a label's code by the camera, where the browser can. The picture stays in memory and is thrown away. */
import { make } from "../lib/dom";
import { say } from "../lib/text";
import { button } from "./view";

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
declare global {
  interface Window {
    BarcodeDetector?: new (options: { formats: string[] }) => Detector;
  }
}

const LOOK_EVERY_MS = 200;

export function canScan(): boolean {
  return Boolean(window.BarcodeDetector && navigator.mediaDevices?.getUserMedia);
}

/** The text of the first code seen; null when the person leaves or there is no camera. */
export async function scan(): Promise<string | null> {
  const Reader = window.BarcodeDetector;
  if (!Reader) return null;
  const reader = new Reader({ formats: ["qr_code"] });
  const video = make("video", { autoplay: "", playsinline: "", muted: "" });
  const status = make(
    "p",
    { role: "status" },
    say("对准部件或公示牌上的二维码", "Point at the code of a label"),
  );
  const dialog = make("dialog", { class: "f-dialog f-scan" }, video, status);
  dialog.append(button(say("取消", "Cancel"), () => dialog.close()));
  document.body.append(dialog);
  dialog.showModal();
  let stream: MediaStream | undefined;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    while (dialog.open) {
      const [found] = video.readyState >= 2 ? await reader.detect(video) : [];
      if (found) return found.rawValue;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return null;
  } catch {
    status.textContent = say("打不开摄像头，请搜索编号。", "No camera; please search the code.");
    await new Promise<void>((resolve) => dialog.addEventListener("close", () => resolve()));
    return null;
  } finally {
    for (const track of stream?.getTracks() ?? []) track.stop();
    dialog.remove();
  }
}
