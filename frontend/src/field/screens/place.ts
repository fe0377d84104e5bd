/** Choosing where something is: used last, found by words, read from a label, or pressed on the map. Never a person. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { Open } from "../app";
import { codeIn, doorsNamed, placesNamed, spotOf } from "../rules";
import { canScan, scan } from "../scan";
import type { Spot } from "../shapes";
import { button, empty, h, note } from "../view";

export const LAST_SPOTS = "last spots";

export function placePicker(
  open: Open,
  last: Spot[],
  chosen: Spot | null,
  choose: (spot: Spot | null) => void,
  offer: (open: Open, last: Spot[], pick: (spot: Spot) => void) => HTMLElement[] = offered,
): HTMLElement {
  const box = h("div", "f-place");
  const pick = (spot: Spot | null) => {
    choose(spot);
    draw(spot);
  };
  const draw = (spot: Spot | null) => {
    if (spot) {
      const change = button(say("换一个", "Change"), () => pick(null));
      box.replaceChildren(h("div", "f-chosen", h("b", "", spot.address), change));
    } else box.replaceChildren(...offer(open, last, pick));
  };
  draw(chosen);
  return box;
}

/** A door of the packet: used last, or found by words. */
export function doors(open: Open, last: Spot[], pick: (spot: Spot) => void): HTMLElement[] {
  const places = open.packet.all("places");
  const used = last.filter((spot) => spot.dwelling);
  return searched(
    say("楼栋和房号，如 3栋 302", "Building and room, such as 3栋 302"),
    say("登记里没有这套房。", "This door is not registered."),
    (words) => (words ? doorsNamed(places, words).map(spotOf) : used.slice(0, 3)),
    pick,
  );
}

/** A search with its answers as large buttons; nothing typed, nothing missing. */
function searched(
  hint: string,
  nothing: string,
  find: (words: string) => Spot[],
  pick: (spot: Spot) => void,
): HTMLElement[] {
  const list = h("div", "f-tiles f-wide");
  const search = make("input", {
    class: "f-input",
    type: "search",
    placeholder: hint,
    "aria-label": say("搜索地点", "Search places"),
  });
  const tile = (spot: Spot) => {
    const made = h("button", "f-tile", spot.address);
    made.type = "button";
    made.addEventListener("click", () => pick(spot));
    return made;
  };
  const draw = () => {
    const words = search.value.trim();
    const found = find(words).map(tile);
    list.replaceChildren(...(found.length || !words ? found : [empty(nothing)]));
  };
  search.addEventListener("input", draw);
  draw();
  return [search, list];
}

function offered(open: Open, last: Spot[], pick: (spot: Spot) => void): HTMLElement[] {
  const places = open.packet.all("places");
  const said = h("div", "");
  const search = searched(
    say("楼栋、门牌、部件编号", "Building, door, facility code"),
    say("没有找到。", "Nothing found."),
    (words) => (words ? placesNamed(places, words).map(spotOf) : [...last.slice(0, 3), ...wholeGrids(open)]),
    pick,
  );
  const read = async () => {
    const text = await scan();
    if (text === null) return;
    const code = codeIn(text);
    const found = places.find((place) => place.code === code);
    if (found) pick(spotOf({ place: found, door: "", dwelling: null }));
    else said.replaceChildren(note("warning", say(`本网格没有编号 ${code}。`, `No ${code} in this grid.`)));
  };
  const map = async () => {
    const { pickOnMap } = await import("../mapping");
    const spot = await pickOnMap(open.packet.one("me", "me")?.grids[0]);
    if (spot) pick(spot);
  };
  const ways = h(
    "div",
    "f-row",
    canScan() && button(say("扫码", "Scan a label"), read, { icon: "qrcode" }),
    button(say("地图", "Map"), map, { icon: "map" }),
  );
  return [...search, said, ways];
}

/** When the exact place is not known: the whole grid, with the worker's own words. */
function wholeGrids(open: Open): Spot[] {
  const grids = open.packet.one("me", "me")?.grids ?? [];
  return grids.map(({ id, name }) => ({
    facility: null,
    building: null,
    area: id,
    lon: null,
    lat: null,
    address: name,
  }));
}
