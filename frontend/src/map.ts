import { type GeoJSONSource, type Map as MapView, Marker, Popup } from "maplibre-gl";
import { getJson } from "./behaviours/requests";
import { each, make } from "./lib/dom";
import { say } from "./lib/text";
import { bounds, type Collection, readBox } from "./map/layers";
import { onOtherColours, openMap, scheme } from "./map/open";
import { pick } from "./map/pick";
import { SolidControl } from "./map/solid";
import { mapStyle, SCHEMES } from "./map/style";

const NO_CASES: Collection = { type: "FeatureCollection", features: [] };

/** "113.25,23.10" as [lon, lat]; null when absent or not two numbers. */
export function lonLat(text: string | undefined): [number, number] | null {
  const numbers = (text ?? "").split(",").map(Number);
  const [lon, lat] = numbers;
  return text &&
    numbers.length === 2 &&
    lon !== undefined &&
    lat !== undefined &&
    numbers.every(Number.isFinite)
    ? [lon, lat]
    : null;
}

function popup(map: MapView, feature: { properties: Record<string, unknown> }, at: [number, number]): void {
  const { title = "", url = "", note = "" } = feature.properties as Record<string, string>;
  const content = make("div", {}, url ? make("a", { href: url }, title) : title, make("div", {}, note));
  new Popup({ closeButton: true, maxWidth: "16rem" }).setLngLat(at).setDOMContent(content).addTo(map);
}

function openCases(map: MapView): void {
  map.on("click", "cases", (event) => {
    const feature = event.features?.[0];
    if (feature?.geometry.type !== "Point") return;
    // A tile names a case by its number alone.
    const { id } = feature.properties;
    if (id) feature.properties.url = `/desk/cases/${id}`;
    popup(map, feature, feature.geometry.coordinates as [number, number]);
  });
  map.on("click", "case-groups", async (event) => {
    const feature = event.features?.[0];
    if (feature?.geometry.type !== "Point") return;
    const source = map.getSource<GeoJSONSource>("cases");
    const zoom =
      source?.type === "geojson"
        ? await source.getClusterExpansionZoom(feature.properties.cluster_id)
        : map.getZoom() + 2;
    map.easeTo({ center: feature.geometry.coordinates as [number, number], zoom });
  });
  for (const layer of ["cases", "case-groups"]) {
    map.on("mouseenter", layer, () => map.getCanvas().classList.add("map-press"));
    map.on("mouseleave", layer, () => map.getCanvas().classList.remove("map-press"));
  }
}

/** Outlines of a file that was sent, and a sign where something is wrong with them. */
function showShapes(map: MapView, shapes: Collection): void {
  const outlines = shapes.features.filter(({ properties }) => properties?.kind === "outline");
  map.on("style.load", () => {
    const colour = SCHEMES[scheme()];
    map.addSource("shapes", { type: "geojson", data: { ...NO_CASES, features: outlines } });
    const paint = { "line-color": colour.red, "line-width": 2 };
    map.addLayer({ id: "shapes", type: "line", source: "shapes", paint });
  });
  for (const { geometry, properties } of shapes.features) {
    if (geometry.type !== "Point") continue;
    const text = String(properties?.text ?? "");
    const element = make(
      "div",
      { class: `fault-mark${properties?.warning ? " warning" : ""}`, title: text },
      "!",
    );
    new Marker({ element }).setLngLat(geometry.coordinates as [number, number]).addTo(map);
  }
}

/** Draws one <div data-map>; see web/parts/map.html and web/parts/place_picker.html for its attributes. */
async function show(box: HTMLElement): Promise<void> {
  const { tiles = "", pictures, thanks, cases: casesUrl, caseTiles, highlight, mode } = box.dataset;
  const cases = casesUrl ? await getJson<Collection>(casesUrl) : null;
  const workers = box.dataset.workers ? await getJson<Record<string, string>>(box.dataset.workers) : null;
  const over = { cases: caseTiles || (cases ?? NO_CASES), workers: workers ?? {} };
  let solid = false;
  const style = () => mapStyle(scheme(), { tiles, pictures, thanks }, over, highlight, solid);
  const point = lonLat(box.dataset.point);
  const centre = lonLat(box.dataset.centre) ?? point;
  const around = readBox(box.dataset.bounds) ?? bounds(cases ?? NO_CASES);
  const map = openMap(box, style(), {
    attributionControl: thanks ? { compact: true, customAttribution: thanks } : false,
    cooperativeGestures: mode !== "pick" && matchMedia("(pointer: coarse)").matches,
    ...(centre
      ? { center: centre, zoom: Number(box.dataset.zoom ?? "16.5") }
      : around
        ? { bounds: around, fitBoundsOptions: { padding: 24 } }
        : { center: [113.26, 23.1], zoom: 11 }),
  });
  if (point && mode !== "pick") new Marker({ color: SCHEMES[scheme()].chosen }).setLngLat(point).addTo(map);
  if (box.dataset.shapes) showShapes(map, JSON.parse(box.dataset.shapes) as Collection);
  if (mode === "pick") pick(map, box);
  else openCases(map);
  const repaint = () => map.setStyle(style());
  if (mode !== "pick") {
    const raise = (raised: boolean) => {
      solid = raised;
      repaint();
      map.easeTo({ pitch: raised ? 55 : 0, bearing: raised ? -20 : 0 });
    };
    map.addControl(new SolidControl(raise), "bottom-right");
  }
  onOtherColours(repaint);
  map.once("idle", () => box.setAttribute("data-ready", ""));
}

each<HTMLElement>("[data-map]", (box) => {
  show(box).catch(() => {
    box.classList.add("map-failed");
    box.textContent = say(
      "这个浏览器画不出地图，请填写地址。",
      "This browser cannot draw the map; please type the address.",
    );
  });
});
