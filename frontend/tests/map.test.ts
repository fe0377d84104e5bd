import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import type { Polygon } from "geojson";
import { describe, expect, test } from "vitest";
import { bounds, type Collection, LAYERS, namePoint, namePoints, plan } from "../src/map/layers";
import { mapStyle, SCHEMES } from "../src/map/style";
import { contrast } from "./contrast";

const square = (lon: number, lat: number, side: number): Polygon => ({
  type: "Polygon",
  coordinates: [
    [
      [lon, lat],
      [lon + side, lat],
      [lon + side, lat + side],
      [lon, lat + side],
      [lon, lat],
    ],
  ],
});
const collection = (...areas: [string, Polygon, string?][]): Collection => ({
  type: "FeatureCollection",
  features: areas.map(([name, geometry, layer]) => ({
    type: "Feature",
    geometry,
    properties: { name, layer },
  })),
});
const NONE: Collection = collection();

describe("the plan", () => {
  test("comes as named layers or as one collection whose features name theirs", () => {
    const grids = collection(["第1网格", square(113, 23, 0.1)]);
    expect(plan({ grids }).grids.features).toHaveLength(1);
    const mixed = collection(["第1网格", square(113, 23, 0.1), "grids"], ["?", square(0, 0, 1), "unknown"]);
    const sorted = plan(mixed);
    expect(sorted.grids.features).toHaveLength(1);
    expect(LAYERS.reduce((sum, layer) => sum + sorted[layer].features.length, 0)).toBe(1);
  });

  test("nothing sent is an empty plan without bounds", () => {
    expect(bounds(...Object.values(plan({})))).toBeNull();
  });

  test("bounds hold every corner", () => {
    expect(bounds(collection(["a", square(113, 23, 1)], ["b", square(112, 24, 0.5)]))).toEqual([
      112, 23, 114, 24.5,
    ]);
  });
});

describe("names of areas", () => {
  test("stand in the middle, also of a small area far from zero", () => {
    const [lon, lat] = namePoint(square(113.256, 23.102, 0.0001))?.centre ?? [];
    expect(lon).toBeCloseTo(113.25605, 9);
    expect(lat).toBeCloseTo(23.10205, 9);
  });

  test("the largest of several areas with one name carries it", () => {
    const points = namePoints(
      collection(["绿带", square(0, 0, 1)], ["绿带", square(10, 10, 2)], ["公园", square(5, 5, 1)]),
    );
    expect(points.features.map((f) => [f.properties?.name, f.geometry])).toEqual([
      ["绿带", { type: "Point", coordinates: [11, 11] }],
      ["公园", { type: "Point", coordinates: [5.5, 5.5] }],
    ]);
  });
});

describe.each(["light", "dark"] as const)("the %s style", (scheme) => {
  const style = mapStyle(scheme, plan({}), NONE, "440105008003001");

  test("is valid by the style specification", () => {
    expect(validateStyleMin(style)).toEqual([]);
  });

  test("asks no other server for anything", () => {
    expect(JSON.stringify(style)).not.toMatch(/https?:|glyphs|sprite/);
  });

  test("draws every layer of the plan and puts cases on top", () => {
    const sources = style.layers.map((layer) => ("source" in layer ? layer.source : ""));
    for (const layer of LAYERS) expect(sources).toContain(layer);
    expect(sources.at(-1)).toBe("cases");
  });

  test("its signs stand out from their circles, its circles from the land", () => {
    const colour = SCHEMES[scheme];
    for (const light of ["green", "red"] as const) {
      expect(contrast(colour[light], colour.land)).toBeGreaterThan(3);
    }
    expect(contrast(colour.text, colour.land)).toBeGreaterThan(4.5);
    expect(contrast(colour.soft, colour.land)).toBeGreaterThan(4.5);
  });
});
