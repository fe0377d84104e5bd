import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "@maplibre/maplibre-gl-style-spec";
import { type Collection, namePoints, type Plan } from "./layers";

export type Scheme = "light" | "dark";
type Expression = ExpressionSpecification;

const COLOURS = {
  light: {
    land: "#f4f2ed",
    water: "#bfdae6",
    park: "#cfe5cb",
    block: "#ebe7de",
    road: "#ffffff",
    edge: "#d8d2c4",
    building: "#dbd4c6",
    wall: "#c3baa8",
    border: "#0f6570",
    chosen: "#0f6570",
    text: "#2c3c40",
    soft: "#5b6a6d",
    halo: "#ffffff",
    green: "#1f8a4c",
    yellow: "#c98a00",
    red: "#c62828",
    paused: "#667085",
    ended: "#98a2b3",
    rim: "#ffffff",
  },
  dark: {
    land: "#1a2225",
    water: "#15303d",
    park: "#1e3428",
    block: "#20292c",
    road: "#36444a",
    edge: "#141b1d",
    building: "#2c383c",
    wall: "#3c4a4f",
    border: "#5fb3be",
    chosen: "#7fd0db",
    text: "#d9e4e6",
    soft: "#9fb0b4",
    halo: "#141b1d",
    green: "#4cc07f",
    yellow: "#f0b93a",
    red: "#f06a6a",
    paused: "#98a2b3",
    ended: "#667085",
    rim: "#141b1d",
  },
} as const;
export const SCHEMES: Record<Scheme, Record<keyof (typeof COLOURS)["light"], string>> = COLOURS;

/** Pixels for a width in metres, true to scale at 23-35 degrees north; never thinner than `least`. */
function metres(width: Expression | number, least: number): Expression {
  const at = (zoom: number): Expression => ["max", least, ["*", width, 3.7 * 2 ** (zoom - 18)]];
  return ["interpolate", ["exponential", 2], ["zoom"], 10, at(10), 20, at(20)];
}

const LIGHTS = ["green", "yellow", "red", "paused"] as const;

function countOf(light: string): Expression {
  return ["+", ["case", ["==", ["get", "light"], light], 1, 0]] as unknown as Expression;
}

function source(data: Collection): SourceSpecification {
  return { type: "geojson", data };
}

/** The map's whole style with its data: plan layers below, case points above. No outside address in it. */
export function mapStyle(scheme: Scheme, plan: Plan, cases: Collection, highlight = ""): StyleSpecification {
  const colour = SCHEMES[scheme];
  const fill = (id: string, from: keyof Plan, paint: object, rest: object = {}) =>
    ({ id, type: "fill", source: from, paint, ...rest }) as LayerSpecification;
  const line = (id: string, from: keyof Plan, paint: object, rest: object = {}) =>
    ({
      id,
      type: "line",
      source: from,
      layout: { "line-join": "round", "line-cap": "round" },
      paint,
      ...rest,
    }) as LayerSpecification;
  const name = (id: string, from: string, size: number, text: string, rest: object, layout: object = {}) =>
    ({
      id,
      type: "symbol",
      source: from,
      layout: { "text-field": ["coalesce", ["get", "name"], ""], "text-size": size, ...layout },
      paint: { "text-color": text, "text-halo-color": colour.halo, "text-halo-width": 1.4 },
      ...rest,
    }) as LayerSpecification;
  const width: Expression = ["coalesce", ["get", "width_m"], 6];
  const worst: Expression = [
    "case",
    [">", ["get", "red"], 0],
    colour.red,
    [">", ["get", "yellow"], 0],
    colour.yellow,
    colour.green,
  ];
  const own: Expression = [
    "match",
    ["get", "light"],
    ...LIGHTS.flatMap((light) => [light, colour[light]]),
    colour.ended,
  ] as unknown as Expression;
  const single: Expression = ["!", ["has", "point_count"]];

  return {
    version: 8,
    sources: {
      ...Object.fromEntries(Object.entries(plan).map(([key, data]) => [key, source(data)])),
      "park-names": source(namePoints(plan.park)),
      "community-names": source(namePoints(plan.communities)),
      "grid-names": source(namePoints(plan.grids)),
      cases: {
        type: "geojson",
        data: cases,
        cluster: true,
        clusterRadius: 34,
        clusterMaxZoom: 16,
        clusterProperties: { red: countOf("red"), yellow: countOf("yellow") },
      },
    },
    layers: [
      { id: "land", type: "background", paint: { "background-color": colour.land } },
      fill("blocks", "blocks", { "fill-color": colour.block }),
      fill("park", "park", { "fill-color": colour.park }),
      fill("water", "water", { "fill-color": colour.water }),
      line("road-edges", "roads", { "line-color": colour.edge, "line-width": metres(["+", width, 1.6], 1) }),
      line("roads", "roads", { "line-color": colour.road, "line-width": metres(width, 0.6) }),
      fill(
        "buildings",
        "buildings",
        { "fill-color": colour.building, "fill-outline-color": colour.wall },
        { minzoom: 14 },
      ),
      fill("compounds", "compounds", { "fill-color": colour.border, "fill-opacity": 0.05 }, { minzoom: 14 }),
      fill(
        "highlight",
        "grids",
        { "fill-color": colour.chosen, "fill-opacity": 0.16 },
        { filter: ["==", ["get", "code"], highlight] },
      ),
      line(
        "grid-borders",
        "grids",
        { "line-color": colour.border, "line-width": 0.9, "line-opacity": 0.55, "line-dasharray": [3, 2] },
        { minzoom: 13.5 },
      ),
      line("community-borders", "communities", {
        "line-color": colour.border,
        "line-width": 1.8,
        "line-opacity": 0.8,
      }),
      line(
        "highlight-border",
        "grids",
        { "line-color": colour.chosen, "line-width": 2.6 },
        { filter: ["==", ["get", "code"], highlight] },
      ),
      name(
        "road-names",
        "roads",
        12,
        colour.soft,
        { minzoom: 14.5 },
        { "symbol-placement": "line", "symbol-spacing": 320 },
      ),
      name("water-names", "water", 13, colour.soft, { minzoom: 13 }, { "text-padding": 80 }),
      name("park-names", "park-names", 12, colour.soft, { minzoom: 15 }),
      name("grid-names", "grid-names", 12, colour.text, { minzoom: 15.6 }, { "text-max-width": 6 }),
      name("community-names", "community-names", 14, colour.text, { maxzoom: 15.6 }, { "text-max-width": 7 }),
      {
        id: "case-groups",
        type: "circle",
        source: "cases",
        filter: ["has", "point_count"],
        paint: {
          "circle-color": worst,
          "circle-radius": ["step", ["get", "point_count"], 13, 10, 16, 100, 20],
          "circle-stroke-color": colour.rim,
          "circle-stroke-width": 2,
        },
      },
      {
        id: "case-group-counts",
        type: "symbol",
        source: "cases",
        filter: ["has", "point_count"],
        layout: {
          "text-field": ["to-string", ["get", "point_count"]],
          "text-size": 13,
          "text-allow-overlap": true,
        },
        paint: { "text-color": colour.rim },
      },
      {
        id: "cases",
        type: "circle",
        source: "cases",
        filter: single,
        paint: {
          "circle-color": own,
          "circle-radius": 8,
          "circle-stroke-color": colour.rim,
          "circle-stroke-width": 2,
        },
      },
      {
        id: "case-signs",
        type: "symbol",
        source: "cases",
        filter: single,
        layout: {
          // a sign besides the colour: ! overdue, = nearly due
          "text-field": ["match", ["get", "light"], "red", "!", "yellow", "=", ""],
          "text-size": 13,
          "text-allow-overlap": true,
        },
        paint: { "text-color": colour.rim },
      },
    ],
  };
}
