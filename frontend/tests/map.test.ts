import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import type { Polygon } from "geojson";
import { describe, expect, test } from "vitest";
import { bounds, type Collection, LAYERS, readBox } from "../src/map/layers";
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
const collection = (...areas: [string, Polygon][]): Collection => ({
  type: "FeatureCollection",
  features: areas.map(([name, geometry]) => ({ type: "Feature", geometry, properties: { name } })),
});
const NONE: Collection = collection();

describe("where to look first", () => {
  test("nothing sent has no bounds", () => {
    expect(bounds(NONE)).toBeNull();
  });

  test("bounds hold every corner", () => {
    expect(bounds(collection(["a", square(113, 23, 1)], ["b", square(112, 24, 0.5)]))).toEqual([
      112, 23, 114, 24.5,
    ]);
  });

  test("a box is four numbers and nothing else", () => {
    expect(readBox("113.1,23.1,113.2,23.2")).toEqual([113.1, 23.1, 113.2, 23.2]);
    for (const wrong of [undefined, "", "1,2,3", "1,2,3,x"]) expect(readBox(wrong)).toBeNull();
  });
});

describe.each(["light", "dark"] as const)("the %s style", (scheme) => {
  const ours = { tiles: "/map/tiles/{z}/{x}/{y}?v=3" };
  const over = { cases: NONE, workers: { "440105008003001": "陈秋芬" } };
  const style = mapStyle(scheme, ours, over, "440105008003001");

  test("is valid by the style specification", () => {
    const city = { ...ours, pictures: "https://tiles.example.org/{z}/{x}/{y}.png", thanks: "市测绘院" };
    for (const made of [style, mapStyle(scheme, ours, over, "", true), mapStyle(scheme, city, over)])
      expect(validateStyleMin(made)).toEqual([]);
  });

  test("takes cases from tiles where they are many, and writes who serves a grid under its name", () => {
    const many = mapStyle(scheme, ours, { ...over, cases: "/desk/cases/map/{z}/{x}/{y}?" });
    expect(validateStyleMin(many)).toEqual([]);
    expect(many.sources.cases?.type).toBe("vector");
    expect(JSON.stringify(many.layers.find(({ id }) => id === "grid-names"))).toContain("\\n陈秋芬");
  });

  test("asks no other server for anything", () => {
    expect(JSON.stringify(style).replaceAll(location.origin, "")).not.toMatch(/https?:|glyphs|sprite/);
  });

  test("draws every layer of the tiles and puts cases on top", () => {
    const drawn = style.layers.map((layer) => ("source-layer" in layer ? layer["source-layer"] : ""));
    for (const layer of LAYERS) expect(drawn).toContain(layer);
    const last = style.layers.at(-1);
    expect(last && "source" in last && last.source).toBe("cases");
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
