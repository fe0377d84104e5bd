import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import type { StyleSpecification } from "@maplibre/maplibre-gl-style-spec";
import { type MapOptions, Map as MapView, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { say } from "../lib/text";
import type { Scheme } from "./style";

setWorkerUrl(workerUrl);

const FONTS = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

/** Whether the page is light or dark now. */
export function scheme(): Scheme {
  const chosen = document.documentElement.getAttribute("data-bs-theme");
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** A map in our language and with our controls; `more` says where it looks. */
export function openMap(
  container: HTMLElement,
  style: StyleSpecification,
  more: Partial<MapOptions>,
): MapView {
  const map = new MapView({
    container,
    style,
    localIdeographFontFamily: FONTS,
    locale: locale(),
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 19,
    ...more,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  return map;
}

/** Draw again in other colours when the page changes between light and dark. */
export function onOtherColours(repaint: () => void): void {
  document.addEventListener("wangge:look", repaint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}

function locale(): Record<string, string> {
  return {
    "Map.Title": say("地图", "Map"),
    "NavigationControl.ZoomIn": say("放大", "Zoom in"),
    "NavigationControl.ZoomOut": say("缩小", "Zoom out"),
    "Popup.Close": say("关闭", "Close"),
    "Marker.Title": say("位置", "Place"),
    "CooperativeGesturesHandler.WindowsHelpText": say(
      "按住 Ctrl 并滚动以缩放地图",
      "Use Ctrl + scroll to zoom",
    ),
    "CooperativeGesturesHandler.MacHelpText": say("按住 ⌘ 并滚动以缩放地图", "Use ⌘ + scroll to zoom"),
    "CooperativeGesturesHandler.MobileHelpText": say("用两指移动地图", "Use two fingers to move the map"),
  };
}
