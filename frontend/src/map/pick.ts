import { type Map as MapView, Marker } from "maplibre-gl";
import { getJson } from "../behaviours/requests";
import { toast } from "../behaviours/toasts";
import { say } from "../lib/text";

/** What the server knows of a point. */
export interface Found {
  inside: boolean;
  grid?: string;
  name?: string;
  address?: string;
}

/** The sentence under the map for a chosen point. */
function answerText(found: Found | null): string {
  if (!found)
    return say("已记下位置，暂时查不到所在网格。", "The place is noted; its grid could not be looked up.");
  if (!found.inside)
    return say("这里不在受理范围内，请重新选择。", "This place is outside our area; please choose another.");
  const place = [found.address, found.name].filter(Boolean).join(" · ");
  return say(`已选：${place}`, `Chosen: ${place}`);
}

function input(selector: string | undefined): HTMLInputElement | null {
  return selector ? document.querySelector<HTMLInputElement>(selector) : null;
}

/** Lets a person choose a point by a press, the middle of the map (keyboard) or their own position. */
export function pick(map: MapView, box: HTMLElement): void {
  const frame = box.closest<HTMLElement>("[data-map-frame]") ?? box;
  const [lonInput, latInput] = [input(box.dataset.lon), input(box.dataset.lat)];
  const addressInput = input(box.dataset.address);
  const answer = frame.querySelector<HTMLElement>("[data-map-answer]");
  const marker = new Marker({ color: getComputedStyle(box).getPropertyValue("--primary") || "#0f6570" });
  let asked = 0;
  let filled = "";

  const choose = async (lon: number, lat: number) => {
    asked += 1;
    const mine = asked;
    marker.setLngLat([lon, lat]).addTo(map);
    if (lonInput) lonInput.value = lon.toFixed(6);
    if (latInput) latInput.value = lat.toFixed(6);
    const url = box.dataset.lookupUrl;
    const query = new URLSearchParams({ lon: lon.toFixed(6), lat: lat.toFixed(6) });
    const found = url ? await getJson<Found>(`${url}?${query}`) : null;
    if (mine !== asked) return; // a later choice has overtaken this answer
    if (answer) answer.textContent = answerText(found);
    // An address that the person typed is theirs; only our own suggestion is replaced.
    if (addressInput && found?.address && (!addressInput.value || addressInput.value === filled)) {
      addressInput.value = filled = found.address;
      addressInput.dispatchEvent(new Event("input", { bubbles: true }));
    }
    box.dispatchEvent(new CustomEvent("wangge:place", { bubbles: true, detail: { lon, lat, ...found } }));
  };

  map.on("click", (event) => void choose(event.lngLat.lng, event.lngLat.lat));
  frame.querySelector("[data-map-centre]")?.addEventListener("click", () => {
    const { lng, lat } = map.getCenter();
    void choose(lng, lat);
  });
  frame.querySelector("[data-map-locate]")?.addEventListener("click", () => locate(map, choose));
  for (const button of frame.querySelectorAll<HTMLButtonElement>("[data-map-centre], [data-map-locate]")) {
    button.disabled = false;
  }
  frame.querySelector("[data-map-wait]")?.remove();
  if (lonInput?.value && latInput?.value) {
    const at: [number, number] = [Number(lonInput.value), Number(latInput.value)];
    map.jumpTo({ center: at, zoom: 17 });
    void choose(...at);
  }
}

/** Asks the browser once, on request only; nothing is watched or kept. */
function locate(map: MapView, choose: (lon: number, lat: number) => Promise<void>): void {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      map.jumpTo({ center: [coords.longitude, coords.latitude], zoom: 17 });
      void choose(coords.longitude, coords.latitude);
    },
    () =>
      toast(say("没有取得位置，请在地图上点选。", "No position available; choose on the map."), "warning"),
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
  );
}
