import type { FeatureCollection, GeoJsonProperties, Geometry, Position } from "geojson";

export type Collection = FeatureCollection<Geometry, GeoJsonProperties>;
export type Box = [west: number, south: number, east: number, north: number];

/** Layers of our vector tiles, as places/tiles.py writes them. */
export const LAYERS = [
  "land",
  "park",
  "water",
  "way",
  "park-names",
  "compounds",
  "compound-names",
  "buildings",
  "areas",
  "area-names",
  "facilities",
] as const;
export type Layer = (typeof LAYERS)[number];

/** Where tiles come from: our own, and pictures of the city's own map beneath them where there are any: addresses
 * with blanks between, the lowest first. */
export interface Sources {
  tiles: string;
  pictures?: string | undefined;
  thanks?: string | undefined;
}

/** Every position of a geometry, in order. */
export function* positions(geometry: Geometry): Generator<Position> {
  if (geometry.type === "GeometryCollection") {
    for (const part of geometry.geometries) yield* positions(part);
    return;
  }
  const walk = function* (coordinates: unknown): Generator<Position> {
    if (typeof (coordinates as Position)[0] === "number") yield coordinates as Position;
    else for (const inner of coordinates as unknown[]) yield* walk(inner);
  };
  yield* walk(geometry.coordinates);
}

/** The box in degrees around all features, or null when there are none. */
export function bounds(...collections: Collection[]): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const feature of collections.flatMap((collection) => collection.features)) {
    for (const [lon = 0, lat = 0] of positions(feature.geometry)) {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
  }
  return box[0] === Infinity ? null : box;
}

/** "113.25,23.10,113.27,23.11" as a box; null when it is not four numbers. */
export function readBox(text: string | undefined): Box | null {
  const sides = (text ?? "").split(",").map(Number);
  return text && sides.length === 4 && sides.every(Number.isFinite) ? (sides as Box) : null;
}
