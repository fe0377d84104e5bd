import type { Feature, FeatureCollection, GeoJsonProperties, Geometry, Position } from "geojson";

export const LAYERS = [
  "water",
  "park",
  "blocks",
  "roads",
  "compounds",
  "buildings",
  "communities",
  "grids",
] as const;
export type Layer = (typeof LAYERS)[number];
export type Collection = FeatureCollection<Geometry, GeoJsonProperties>;
export type Plan = Record<Layer, Collection>;
export type Box = [west: number, south: number, east: number, north: number];

const empty = (): Collection => ({ type: "FeatureCollection", features: [] });

/**
 * Sorts what the server sent into layers: either `{water: FeatureCollection, ...}` or one
 * FeatureCollection whose features name their `layer`. Unknown layers are left out.
 */
export function plan(data: unknown): Plan {
  const layers = Object.fromEntries(LAYERS.map((name) => [name, empty()])) as Plan;
  const sent = data as Partial<Plan> & Partial<Collection>;
  for (const name of LAYERS) if (sent[name]) layers[name] = sent[name];
  for (const feature of sent.features ?? [])
    layers[feature.properties?.layer as Layer]?.features.push(feature);
  return layers;
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

/** Twice the signed area and the centre of gravity of a closed ring. */
function ring(points: Position[]): { area: number; centre: Position } {
  const [x0 = 0, y0 = 0] = points[0] ?? [];
  let area = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < points.length; i += 1) {
    // relative to the first point, or the digits of a small area far from 0,0 are lost
    const [ax, ay] = [(points[i]?.[0] ?? 0) - x0, (points[i]?.[1] ?? 0) - y0];
    const [bx, by] = [(points[i + 1]?.[0] ?? 0) - x0, (points[i + 1]?.[1] ?? 0) - y0];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area ? { area, centre: [x0 + x / (3 * area), y0 + y / (3 * area)] } : { area, centre: [x0, y0] };
}

/** Where the name of an area is written: the centre of gravity of its largest part, and twice that area. */
export function namePoint(geometry: Geometry): { area: number; centre: Position } | null {
  const parts =
    geometry.type === "Polygon"
      ? [geometry.coordinates]
      : geometry.type === "MultiPolygon"
        ? geometry.coordinates
        : [];
  const rings = parts.map((part) => ring(part[0] ?? []));
  rings.sort((a, b) => Math.abs(b.area) - Math.abs(a.area));
  return rings[0] ? { area: Math.abs(rings[0].area), centre: rings[0].centre } : null;
}

/**
 * One point a name; a polygon source would write it once in every tile. Of several areas with the
 * same name the largest carries it.
 */
export function namePoints(areas: Collection): Collection {
  const best = new Map<string, { area: number; feature: Feature }>();
  for (const { geometry, properties } of areas.features) {
    const found = namePoint(geometry);
    const name = String(properties?.name ?? "");
    if (!found || found.area <= (best.get(name)?.area ?? 0)) continue;
    const point: Geometry = { type: "Point", coordinates: found.centre };
    best.set(name, { area: found.area, feature: { type: "Feature", properties, geometry: point } });
  }
  return { type: "FeatureCollection", features: [...best.values()].map(({ feature }) => feature) };
}
