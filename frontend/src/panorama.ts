import { each } from "./lib/dom";
import { say } from "./lib/text";

/** What we use of Pannellum, which the page of a panorama loads beside this. */
interface Pannellum {
  viewer(box: HTMLElement, options: Record<string, unknown>): unknown;
}

const words = () => ({
  loadButtonLabel: say("按这里打开", "Press to open"),
  loadingLabel: say("正在打开…", "Loading…"),
  noPanoramaError: say("没有全景照片。", "There is no panorama."),
  fileAccessError: say("照片打不开，请稍后再试。", "The photo cannot be opened; try again later."),
  genericWebGLError: say("这个浏览器看不了全景，下面是展开的照片。", "This browser cannot show panoramas."),
  textureSizeError: say("照片对这台设备太大。", "The photo is too large for this device."),
  unknownError: say("出错了，请稍后再试。", "Something went wrong; try again later."),
});

/** Turn round in a photo by mouse, finger or keyboard: arrow keys turn, + and - come closer and go back. */
each<HTMLElement>("[data-panorama]", (box) => {
  const { pannellum } = globalThis as unknown as { pannellum?: Pannellum };
  if (!pannellum) return;
  const flat = box.querySelector("img");
  pannellum.viewer(box, {
    type: "equirectangular",
    panorama: flat?.src ?? "",
    autoLoad: true,
    keyboardZoom: true,
    mouseZoom: "fullscreenonly",
    showControls: true,
    strings: words(),
  });
  flat?.remove();
  // The box takes the keys of the arrows itself.
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", box.dataset.panorama ?? "");
  box.setAttribute("data-ready", "");
});
