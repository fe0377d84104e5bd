import { expect, test } from "vitest";
import { mapStyle } from "./style";

const NOTHING = { cases: { type: "FeatureCollection" as const, features: [] } };
const OWN = { tiles: "https://wangge.example/map/tiles/{z}/{x}/{y}?v=1" };
const CITY =
  "https://maps.example/vec?x={x}&y={y}&z={z}&tk=k https://maps.example/cva?x={x}&y={y}&z={z}&tk=k";

const ids = (pictures?: string) =>
  mapStyle("light", { ...OWN, pictures }, NOTHING).layers.map(({ id }) => id);

test("without a city's map everything is drawn from our own tiles", () => {
  const style = mapStyle("light", OWN, NOTHING);
  expect(Object.keys(style.sources)).toEqual(["base", "cases"]);
  expect(ids()).toContain("roads");
});

test("a city's pictures lie lowest in their order, and our streets give way to them", () => {
  expect(ids(CITY).slice(0, 3)).toEqual(["land", "pictures-0", "pictures-1"]);
  expect(ids(CITY)).not.toContain("roads");
  expect(ids(CITY)).not.toContain("road-names");
});

test("grids, buildings and cases are drawn over a city's pictures", () => {
  expect(ids(CITY)).toEqual(expect.arrayContaining(["buildings", "grid-borders", "grid-names", "cases"]));
});
