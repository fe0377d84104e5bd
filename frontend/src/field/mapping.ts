/** The map, loaded only when somebody asks for it: a press names the place. It needs a network. */
import { make } from "../lib/dom";
import { say } from "../lib/text";
import type { Found } from "../map/pick";
import type { Me, Spot } from "./shapes";
import { button, h } from "./view";

interface Chosen extends Found {
  lon: number;
  lat: number;
}

/** The point that the person pressed, with its address; null when they leave. */
export async function pickOnMap(grid: Me["grids"][number] | undefined): Promise<Spot | null> {
  const { tiles = "", pictures, thanks } = document.documentElement.dataset;
  const box = make("div", {
    class: "map f-map",
    "data-map": "",
    "data-mode": "pick",
    "data-tiles": tiles,
    "data-lookup-url": "/map/at",
    "data-zoom": "16.5",
    "aria-label": say("在地图上选位置", "Choose the place on the map"),
    role: "group",
    ...(pictures ? { "data-pictures": pictures, "data-thanks": thanks ?? "" } : {}),
    ...(grid?.lon && grid.lat ? { "data-centre": `${grid.lon},${grid.lat}` } : {}),
  });
  const answer = make(
    "p",
    { "data-map-answer": "", role: "status" },
    say("点一下地图选位置。", "Press the map."),
  );
  let chosen: Chosen | undefined;
  const use = button(say("就是这里", "Here"), () => dialog.close("use"), { css: "f-primary" });
  use.disabled = true;
  const centre = button(say("选地图中心", "Middle of the map"), () => undefined, { icon: "map-pin" });
  centre.setAttribute("data-map-centre", "");
  const leave = button(say("取消", "Cancel"), () => dialog.close());
  const dialog = make("dialog", { class: "f-dialog f-mapping" });
  dialog.append(h("div", "f-mapframe", box, answer, h("div", "f-row", centre, use, leave)));
  dialog.querySelector(".f-mapframe")?.setAttribute("data-map-frame", "");
  dialog.addEventListener("wangge:place", (event) => {
    chosen = (event as CustomEvent<Chosen>).detail;
    use.disabled = !chosen.inside;
  });
  document.body.append(dialog);
  dialog.showModal();
  await import("../map");
  // The map's script looks for its boxes when it is loaded, and again when a part of the page is new.
  box.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      const wanted = dialog.returnValue === "use" && chosen;
      resolve(wanted ? spot(wanted) : null);
    });
  });
}

function spot({ lon, lat, address, name }: Chosen): Spot {
  return { facility: null, building: null, area: null, lon, lat, address: address || name || "" };
}
