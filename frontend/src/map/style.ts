import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "@maplibre/maplibre-gl-style-spec";
import type { Collection, Layer, Sources } from "./layers";

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

/** What lies over the base map: cases as points or as tiles, and who serves each grid, by its code. */
export interface Over {
  cases: Collection | string;
  workers?: Record<string, string>;
}

function countOf(light: string): Expression {
  return ["+", ["case", ["==", ["get", "light"], light], 1, 0]] as unknown as Expression;
}

/** The deepest tiles that are asked for; closer up these are drawn larger. */
const DEEPEST = 17;
const of = (level: string): Expression => ["==", ["get", "level"], level];

/** An address without a host, made absolute: workers of the map have no page around them. */
function absolute(address: string): string {
  return address.startsWith("/") ? `${globalThis.location?.origin ?? ""}${address}` : address;
}

/** Of our own map what a city's map shows itself. */
const OURS = new Set([
  "blocks",
  "park",
  "water",
  "road-edges",
  "roads",
  "road-names",
  "water-names",
  "park-names",
]);
/** The deepest pictures that cities' maps have. */
const DEEPEST_PICTURE = 18;

const picturesOf = ({ pictures = "" }: Sources): string[] => pictures.split(" ").filter(Boolean);

/** Tile sources. */
function sourcesOf(sources: Sources): Record<string, SourceSpecification> {
  const pictures = picturesOf(sources).map((address, at): [string, SourceSpecification] => [
    `pictures-${at}`,
    {
      type: "raster",
      tiles: [absolute(address)],
      tileSize: 256,
      maxzoom: DEEPEST_PICTURE,
      attribution: sources.thanks ?? "",
    },
  ]);
  return {
    base: { type: "vector", tiles: [absolute(sources.tiles)], minzoom: 4, maxzoom: DEEPEST },
    ...Object.fromEntries(pictures),
  };
}

/** Points that the browser groups, or tiles in which the server has grouped them. */
function casesOf(cases: Collection | string): SourceSpecification {
  if (typeof cases === "string")
    return { type: "vector", tiles: [absolute(cases)], minzoom: 4, maxzoom: DEEPEST };
  return {
    type: "geojson",
    data: cases,
    cluster: true,
    clusterRadius: 34,
    clusterMaxZoom: 16,
    clusterProperties: { red: countOf("red"), yellow: countOf("yellow") },
  };
}

/** The name of a grid, broken before what tells it from its neighbours, with who serves it on a line of its own. */
function gridName(workers: Record<string, string>): Expression {
  const whole: Expression = ["coalesce", ["get", "name"], ""];
  const at = ["index-of", "第", whole];
  const name = [
    "case",
    [">", at, 0],
    ["concat", ["slice", whole, 0, at], "\n", ["slice", whole, at]],
    whole,
  ] as unknown as Expression;
  const known = Object.entries(workers);
  if (!known.length) return name;
  const lines = known.flatMap(([code, worker]) => [code, `\n${worker}`]);
  return ["concat", name, ["match", ["get", "code"], ...lines, ""]] as unknown as Expression;
}

/** The map's whole style: our tiles below, case points above. `solid` raises the buildings. */
export function mapStyle(
  scheme: Scheme,
  sources: Sources,
  { cases, workers = {} }: Over,
  highlight = "",
  solid = false,
): StyleSpecification {
  const tiled = typeof cases === "string" ? { "source-layer": "cases" } : {};
  const colour = SCHEMES[scheme];
  const fill = (id: string, layer: Layer, paint: object, rest: object = {}) =>
    ({ id, type: "fill", source: "base", "source-layer": layer, paint, ...rest }) as LayerSpecification;
  const line = (id: string, layer: Layer, paint: object, rest: object = {}) =>
    ({
      id,
      type: "line",
      source: "base",
      "source-layer": layer,
      layout: { "line-join": "round", "line-cap": "round" },
      paint,
      ...rest,
    }) as LayerSpecification;
  const name = (id: string, layer: Layer, size: number, text: string, rest: object, layout: object = {}) =>
    ({
      id,
      type: "symbol",
      source: "base",
      "source-layer": layer,
      layout: { "text-field": ["coalesce", ["get", "name"], ""], "text-size": size, ...layout },
      paint: { "text-color": text, "text-halo-color": colour.halo, "text-halo-width": 1.4 },
      ...rest,
    }) as LayerSpecification;
  const border = (id: string, level: string, width: number, opacity: number, rest: object = {}) =>
    line(
      id,
      "areas",
      { "line-color": colour.border, "line-width": width, "line-opacity": opacity, ...rest },
      { filter: of(level) },
    );
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
  const chosen: Expression = ["==", ["get", "code"], highlight];
  const pictures = picturesOf(sources);

  const style: StyleSpecification = {
    version: 8,
    sources: {
      ...sourcesOf(sources),
      cases: casesOf(cases),
    },
    layers: [
      { id: "land", type: "background", paint: { "background-color": colour.land } },
      ...pictures.map(
        (_address, at): LayerSpecification => ({
          id: `pictures-${at}`,
          type: "raster",
          source: `pictures-${at}`,
          paint: scheme === "dark" ? { "raster-brightness-max": 0.55, "raster-saturation": -0.4 } : {},
        }),
      ),
      fill("blocks", "land", { "fill-color": colour.block }),
      fill("park", "park", { "fill-color": colour.park }),
      fill("water", "water", { "fill-color": colour.water }),
      line("road-edges", "way", { "line-color": colour.edge, "line-width": metres(["+", width, 1.6], 1) }),
      line("roads", "way", { "line-color": colour.road, "line-width": metres(width, 0.6) }),
      solid
        ? ({
            id: "buildings",
            type: "fill-extrusion",
            source: "base",
            "source-layer": "buildings",
            paint: {
              "fill-extrusion-color": colour.building,
              "fill-extrusion-height": ["get", "height"],
              "fill-extrusion-opacity": 0.92,
            },
          } as LayerSpecification)
        : fill("buildings", "buildings", {
            "fill-color": colour.building,
            "fill-outline-color": colour.wall,
          }),
      fill("compounds", "compounds", { "fill-color": colour.border, "fill-opacity": 0.05 }),
      fill("highlight", "areas", { "fill-color": colour.chosen, "fill-opacity": 0.16 }, { filter: chosen }),
      border("grid-borders", "grid", 0.9, 0.55, { "line-dasharray": [3, 2] }),
      border("community-borders", "community", 1.8, 0.8),
      border("street-borders", "street", 2.2, 0.8),
      border("district-borders", "district", 2.6, 0.8),
      border("city-borders", "city", 2.8, 0.8),
      line(
        "highlight-border",
        "areas",
        { "line-color": colour.chosen, "line-width": 2.6 },
        { filter: chosen },
      ),
      {
        id: "facilities",
        type: "circle",
        source: "base",
        "source-layer": "facilities",
        minzoom: 17,
        paint: {
          "circle-radius": 3.5,
          "circle-color": ["match", ["get", "state"], "sound", colour.soft, colour.red],
          "circle-stroke-color": colour.rim,
          "circle-stroke-width": 1,
        },
      },
      name(
        "road-names",
        "way",
        12,
        colour.soft,
        { minzoom: 14.5 },
        { "symbol-placement": "line", "symbol-spacing": 320 },
      ),
      name("water-names", "water", 13, colour.soft, { minzoom: 13 }, { "text-padding": 80 }),
      name("park-names", "park-names", 12, colour.soft, { minzoom: 15 }),
      name(
        "building-names",
        "buildings",
        11,
        colour.soft,
        { minzoom: 17.2 },
        { "text-max-width": 6, "text-padding": 4 },
      ),
      name("compound-names", "compound-names", 12, colour.soft, { minzoom: 16.4 }, { "text-max-width": 6 }),
      name(
        "grid-names",
        "area-names",
        12,
        colour.text,
        { minzoom: 15.6, filter: of("grid") },
        { "text-max-width": 9, "text-field": gridName(workers) },
      ),
      name(
        "community-names",
        "area-names",
        14,
        colour.text,
        { minzoom: 13, maxzoom: 15.6, filter: of("community") },
        { "text-max-width": 7 },
      ),
      name("street-names", "area-names", 14, colour.text, { maxzoom: 13, filter: of("street") }),
      name("district-names", "area-names", 15, colour.text, { maxzoom: 11, filter: of("district") }),
      {
        ...tiled,
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
        ...tiled,
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
        ...tiled,
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
        ...tiled,
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
  if (pictures.length) style.layers = style.layers.filter(({ id }) => !OURS.has(id));
  return style;
}
