import { type GeoJSONSource, type Map as MapView, Marker, type Point as Pixel } from "maplibre-gl";
import { fail, getJson } from "./behaviours/requests";
import { each, make, meta } from "./lib/dom";
import { say } from "./lib/text";
import { Drawing, moved, type Point, type Sent, snapped, type Vertex } from "./map/drawing";
import { type Collection, readBox } from "./map/layers";
import { onOtherColours, openMap, scheme } from "./map/open";
import { mapStyle, SCHEMES } from "./map/style";

const NOTHING: Collection = { type: "FeatureCollection", features: [] };
const REACH_PX = 12;
const SNAP_PX = 10;
const CHECK_MS = 400;
const STEPS: Record<string, [east: number, north: number]> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

interface Fault {
  properties: { text: string; warning: boolean };
  geometry: { type: string; coordinates: Point };
}

class Editor {
  private chosen: number | null = null;
  private held: Vertex | null = null;
  private timer = 0;
  private asked = 0;
  private marks: Marker[] = [];
  private readonly form: HTMLFormElement;

  constructor(
    private readonly box: HTMLElement,
    private readonly map: MapView,
    private readonly drawing: Drawing,
    private readonly names: Record<string, string>,
  ) {
    this.form = box.closest("form") as HTMLFormElement;
    this.restore();
    map.on("style.load", () => this.addLayers());
    if (map.isStyleLoaded()) this.addLayers();
    map.on("mousedown", (event) => this.press(event.point, event));
    map.on("touchstart", (event) => this.press(event.point, event));
    map.on("mousemove", (event) => this.drag(event.point, event.lngLat.toArray()));
    map.on("touchmove", (event) => this.drag(event.point, event.lngLat.toArray()));
    for (const end of ["mouseup", "touchend", "mouseout"] as const) map.on(end, () => this.drop());
    box.addEventListener("keydown", (event) => this.key(event), true);
    for (const button of this.buttons()) button.addEventListener("click", () => this.act(button));
    onOtherColours(() => map.setStyle(styleOf(box)));
  }

  private buttons(): HTMLButtonElement[] {
    return [...this.form.querySelectorAll<HTMLButtonElement>("[data-border]")];
  }

  private field(name: string): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  /** What was sent and refused is drawn again. */
  private restore(): void {
    const sent = this.field("changed").value;
    if (!sent) return;
    try {
      this.drawing.restore(JSON.parse(sent));
      this.changed();
    } catch {
      this.field("changed").value = "";
    }
  }

  private addLayers(): void {
    const colour = SCHEMES[scheme()];
    this.map.addSource("arcs", { type: "geojson", data: NOTHING });
    this.map.addSource("points", { type: "geojson", data: NOTHING });
    this.map.addLayer({
      id: "arcs",
      type: "line",
      source: "arcs",
      paint: {
        "line-color": ["case", ["get", "inside"], colour.chosen, colour.paused],
        "line-width": ["case", ["get", "inside"], 3, 2],
      },
    });
    this.map.addLayer({
      id: "points",
      type: "circle",
      source: "points",
      minzoom: 15,
      paint: {
        "circle-radius": ["match", ["get", "kind"], "chosen", 8, "middle", 3, "fixed", 3, 5.5],
        "circle-color": [
          "match",
          ["get", "kind"],
          "chosen",
          colour.red,
          "middle",
          colour.halo,
          "fixed",
          colour.paused,
          colour.chosen,
        ],
        "circle-stroke-color": ["match", ["get", "kind"], "middle", colour.chosen, colour.halo],
        "circle-stroke-width": 1.5,
      },
    });
    this.paint();
  }

  private paint(): void {
    const point = (at: Point, kind: string): Collection["features"][number] => ({
      type: "Feature",
      properties: { kind },
      geometry: { type: "Point", coordinates: at },
    });
    const lines = this.drawing.arcs.map(({ points, sides }): Collection["features"][number] => ({
      type: "Feature",
      properties: { inside: sides.length === 2 },
      geometry: { type: "LineString", coordinates: points },
    }));
    const vertices = this.drawing.vertices();
    const dots = [
      ...this.drawing.middles().map(({ at }) => point(at, "middle")),
      ...vertices.map(({ at, fixed }, index) =>
        point(at, index === this.chosen ? "chosen" : fixed ? "fixed" : "vertex"),
      ),
    ];
    (this.map.getSource("arcs") as GeoJSONSource | undefined)?.setData({ ...NOTHING, features: lines });
    (this.map.getSource("points") as GeoJSONSource | undefined)?.setData({ ...NOTHING, features: dots });
    for (const button of this.buttons()) button.disabled = !this.can(button.dataset.border ?? "", vertices);
  }

  private can(act: string, vertices: Vertex[]): boolean {
    const chosen = this.chosen === null ? undefined : vertices[this.chosen];
    if (act === "undo") return this.drawing.canUndo;
    if (act === "redo") return this.drawing.canRedo;
    if (act === "remove") return Boolean(chosen && !chosen.node);
    if (act === "insert") return Boolean(chosen);
    return vertices.length > 0;
  }

  private near(pixel: Pixel, at: Point): boolean {
    const there = this.map.project(at);
    return Math.hypot(there.x - pixel.x, there.y - pixel.y) <= REACH_PX;
  }

  private press(pixel: Pixel, event: { preventDefault: () => void }): void {
    let vertices = this.drawing.vertices();
    let index = vertices.findIndex((vertex) => !vertex.fixed && this.near(pixel, vertex.at));
    if (index < 0 && this.map.getZoom() >= 15) {
      const middle = this.drawing.middles().find(({ at }) => this.near(pixel, at));
      if (!middle) return;
      this.drawing.insert(middle.arc, middle.index, middle.at);
      vertices = this.drawing.vertices();
      index = vertices.findIndex(({ places }) =>
        places.some((place) => place.arc === middle.arc && place.index === middle.index),
      );
    }
    if (index < 0) return;
    event.preventDefault();
    this.choose(index);
    this.held = vertices[index] ?? null;
  }

  private drag(pixel: Pixel, lonLat: Point): void {
    if (!this.held) return;
    this.preview = this.onRoad(lonLat, pixel);
    (this.map.getSource("points") as GeoJSONSource | undefined)?.setData({
      ...NOTHING,
      features: [
        {
          type: "Feature",
          properties: { kind: "chosen" },
          geometry: { type: "Point", coordinates: this.preview },
        },
      ],
    });
  }

  private preview: Point | null = null;

  private drop(): void {
    const [vertex, to] = [this.held, this.preview];
    this.held = this.preview = null;
    if (vertex && to) {
      this.drawing.move(vertex, to);
      this.changed();
    } else if (vertex) this.changed();
  }

  private onRoad(at: Point, pixel: Pixel): Point {
    const wanted = this.form.querySelector<HTMLInputElement>("[data-border-snap]")?.checked;
    if (!wanted) return at;
    const around: [[number, number], [number, number]] = [
      [pixel.x - SNAP_PX, pixel.y - SNAP_PX],
      [pixel.x + SNAP_PX, pixel.y + SNAP_PX],
    ];
    const lines = this.map.queryRenderedFeatures(around, { layers: ["roads"] }).flatMap(({ geometry }) => {
      if (geometry.type === "LineString") return [geometry.coordinates as Point[]];
      return geometry.type === "MultiLineString" ? (geometry.coordinates as Point[][]) : [];
    });
    const project = (point: Point): [number, number] => {
      const { x, y } = this.map.project(point);
      return [x, y];
    };
    return snapped(at, lines, project, SNAP_PX);
  }

  private choose(index: number): void {
    this.chosen = index;
    const vertex = this.drawing.vertices()[index];
    if (!vertex) return;
    if (!this.map.getBounds().contains(vertex.at) || this.map.getZoom() < 15)
      this.map.jumpTo({ center: vertex.at, zoom: Math.max(this.map.getZoom(), 16.5) });
    const { x, y } = this.map.project(vertex.at);
    this.box.dataset.chosen = `${x},${y}`;
    const sides = new Set(
      vertex.places
        .flatMap(({ arc }) => this.drawing.arcs[arc]?.sides ?? [])
        .map((id) => this.names[id] ?? ""),
    );
    const where = [...sides].join(say("、", ", "));
    this.say(
      vertex.fixed
        ? say(`外边界上的点，不能移动：${where}`, `On the outer border, it stays: ${where}`)
        : say(`已选中 ${where} 之间的点`, `Chosen: a point between ${where}`),
    );
    this.paint();
  }

  private key(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    const vertex = this.chosen === null ? undefined : this.drawing.vertices()[this.chosen];
    if (event.key === "z" && (event.ctrlKey || event.metaKey))
      this.drawing[event.shiftKey ? "redo" : "undo"]();
    else if (event.key === "Delete" && vertex) this.drawing.remove(vertex);
    else if (step && vertex) {
      const metres = event.shiftKey ? 10 : 1;
      this.drawing.move(vertex, moved(vertex.at, step[0] * metres, step[1] * metres));
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.changed();
  }

  private act(button: HTMLButtonElement): void {
    const vertices = this.drawing.vertices();
    const count = vertices.length;
    const vertex = this.chosen === null ? undefined : vertices[this.chosen];
    switch (button.dataset.border) {
      case "undo":
        this.drawing.undo();
        break;
      case "redo":
        this.drawing.redo();
        break;
      case "next":
        this.choose(((this.chosen ?? -1) + 1) % count);
        return;
      case "previous":
        this.choose(((this.chosen ?? count) + count - 1) % count);
        return;
      case "insert":
        if (vertex) this.insertAfter(vertex);
        break;
      case "remove":
        if (vertex) this.drawing.remove(vertex);
    }
    this.changed();
  }

  private insertAfter(vertex: Vertex): void {
    const place = vertex.places[0];
    const points = place && this.drawing.arcs[place.arc]?.points;
    if (!place || !points) return;
    const index = place.index + 1 < points.length ? place.index : place.index - 1;
    const [a, b] = [points[index] as Point, points[index + 1] as Point];
    this.drawing.insert(place.arc, index + 1, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
  }

  /** After each step: the form knows what is drawn, and the server says what is wrong with it. */
  private changed(): void {
    const count = this.drawing.vertices().length;
    if (this.chosen !== null && this.chosen >= count) this.chosen = null;
    const changed = this.drawing.changed();
    const any = Object.keys(changed).length > 0;
    this.field("changed").value = any ? JSON.stringify(changed) : "";
    this.paint();
    clearTimeout(this.timer);
    if (any) this.timer = window.setTimeout(() => void this.check(), CHECK_MS);
    else this.showFaults([]);
  }

  private async check(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const body = new URLSearchParams({ changed: this.field("changed").value });
    const headers = { "X-CSRFToken": meta("csrf-token"), Accept: "application/json" };
    const answer = await fetch(this.box.dataset.check ?? "", { method: "POST", body, headers }).catch(
      () => null,
    );
    if (mine !== this.asked) return;
    if (!answer?.ok) return fail(answer?.status ?? 0);
    this.showFaults(((await answer.json()) as { features: Fault[] }).features);
  }

  private showFaults(faults: Fault[]): void {
    for (const mark of this.marks) mark.remove();
    this.marks = faults.map(({ properties, geometry }) => {
      const element = make(
        "div",
        { class: `fault-mark${properties.warning ? " warning" : ""}`, title: properties.text },
        "!",
      );
      return new Marker({ element }).setLngLat(geometry.coordinates).addTo(this.map);
    });
    const texts = new Map(faults.map(({ properties }) => [properties.text, properties.warning]));
    this.form
      .querySelector("[data-border-faults]")
      ?.replaceChildren(
        ...[...texts].map(([text, warning]) => make("li", warning ? { class: "warning" } : {}, text)),
      );
    const wrong = faults.filter(({ properties }) => !properties.warning).length;
    if (this.drawing.canUndo)
      this.say(
        wrong
          ? say(`有 ${wrong} 处要改正才能保存`, `${wrong} to put right before it can be saved`)
          : say("可以保存", "Ready to be saved"),
      );
    this.box.setAttribute("data-checked", String(this.asked));
  }

  private say(text: string): void {
    const said = this.form.querySelector("[data-border-said]");
    if (said) said.textContent = text;
  }
}

function styleOf(box: HTMLElement) {
  const { tiles = "", pictures, thanks } = box.dataset;
  const style = mapStyle(scheme(), { tiles, pictures, thanks }, { cases: NOTHING });
  // The borders are drawn by hand here; those of the tiles would lie under them as they were.
  return {
    ...style,
    layers: style.layers.filter(({ id }) => !/^((grid|community)-borders|facilities)$/.test(id)),
  };
}

each<HTMLElement>("[data-borders]", async (box) => {
  const sent = await getJson<Sent>(box.dataset.arcs ?? "");
  if (!sent) return;
  const around = readBox(box.dataset.bounds);
  const look = around ? { bounds: around, fitBoundsOptions: { padding: 24 } } : {};
  const map = openMap(box, styleOf(box), { ...look, attributionControl: false, keyboard: false });
  new Editor(box, map, new Drawing(sent), sent.names);
  map.once("idle", () => box.setAttribute("data-ready", ""));
});
