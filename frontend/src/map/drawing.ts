/** A drawing of shared borders: each arc belongs to both areas on its sides, so moving it moves both. */

export type Point = [lon: number, lat: number];
export interface Arc {
  points: Point[];
  sides: number[];
}
export interface Sent {
  base: string;
  arcs: Arc[];
  fixed: Point[];
  names: Record<string, string>;
}
/** A vertex of the drawing: all places where it stands, since a node belongs to several arcs. */
export interface Vertex {
  at: Point;
  places: { arc: number; index: number }[];
  fixed: boolean;
  node: boolean;
}

const METRES_PER_DEGREE = 111_320;
const key = ([lon, lat]: Point): string => `${lon.toFixed(7)},${lat.toFixed(7)}`;
const round = ([lon, lat]: Point): Point => [Number(lon.toFixed(7)), Number(lat.toFixed(7))];

/** A point so many metres to the east and north of another. */
export function moved([lon, lat]: Point, east: number, north: number): Point {
  const across = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
  return round([lon + east / across, lat + north / METRES_PER_DEGREE]);
}

export class Drawing {
  private past: Arc[][] = [];
  private future: Arc[][] = [];
  private readonly first: Arc[];
  private readonly fixed: Set<string>;
  arcs: Arc[];

  constructor(sent: Pick<Sent, "arcs" | "fixed">) {
    this.first = this.arcs = sent.arcs;
    this.fixed = new Set(sent.fixed.map(key));
  }

  /** Vertices of the borders inside, nodes once; in the order of the arcs. */
  vertices(): Vertex[] {
    const found = new Map<string, Vertex>();
    this.arcs.forEach((arc, number) => {
      if (arc.sides.length < 2) return;
      arc.points.forEach((at, index) => {
        const end = index === 0 || index === arc.points.length - 1;
        // Vertices of one arc may lie on one another; only ends are shared.
        const name = end ? key(at) : `${number}:${index}`;
        const vertex = found.get(name) ?? {
          at,
          places: [],
          fixed: end && this.fixed.has(key(at)),
          node: end,
        };
        vertex.places.push({ arc: number, index });
        found.set(name, vertex);
      });
    });
    return [...found.values()];
  }

  /** The middles of the edges inside, where a vertex can be added. */
  middles(): { at: Point; arc: number; index: number }[] {
    return this.arcs.flatMap((arc, number) =>
      arc.sides.length < 2
        ? []
        : arc.points.slice(1).map((end, index) => {
            const start = arc.points[index] as Point;
            const at: Point = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
            return { at, arc: number, index: index + 1 };
          }),
    );
  }

  /** Put a vertex elsewhere, with every arc that it is part of; a fixed one stays. */
  move(vertex: Vertex, to: Point): boolean {
    if (vertex.fixed) return false;
    const there = round(to);
    return this.change((arcs) => {
      for (const { arc, index } of vertex.places) (arcs[arc] as Arc).points[index] = there;
    });
  }

  insert(arc: number, index: number, at: Point): boolean {
    return this.change((arcs) => (arcs[arc] as Arc).points.splice(index, 0, round(at)));
  }

  /** Take a vertex out; nodes stay, for borders meet there. */
  remove(vertex: Vertex): boolean {
    const place = vertex.places[0];
    if (vertex.node || !place) return false;
    return this.change((arcs) => (arcs[place.arc] as Arc).points.splice(place.index, 1));
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  undo(): void {
    const before = this.past.pop();
    if (!before) return;
    this.future.push(this.arcs);
    this.arcs = before;
  }

  redo(): void {
    const after = this.future.pop();
    if (!after) return;
    this.past.push(this.arcs);
    this.arcs = after;
  }

  /** The arcs that are not as they were sent, by their number. */
  changed(): Record<number, Point[]> {
    const same = (one: Arc, other: Arc) =>
      one.points.length === other.points.length &&
      one.points.every((point, index) => key(point) === key(other.points[index] as Point));
    return Object.fromEntries(
      this.arcs.flatMap((arc, number) =>
        same(arc, this.first[number] as Arc) ? [] : [[number, arc.points] as const],
      ),
    );
  }

  /** Draw again what was sent and refused. */
  restore(changed: Record<string, Point[]>): void {
    this.change((arcs) => {
      for (const [number, points] of Object.entries(changed)) {
        const arc = arcs[Number(number)];
        if (arc) arc.points = points;
      }
    });
  }

  private change(act: (arcs: Arc[]) => void): boolean {
    const after = this.arcs.map((arc) => ({ ...arc, points: [...arc.points] }));
    act(after);
    this.past.push(this.arcs);
    this.future = [];
    this.arcs = after;
    return true;
  }
}

/** The point of the lines nearest to one, if it is nearer than `limit` (in the units of `project`). */
export function snapped(
  at: Point,
  lines: Point[][],
  project: (point: Point) => [number, number],
  limit: number,
): Point {
  const [x, y] = project(at);
  let best = limit;
  let found = at;
  for (const line of lines) {
    for (let i = 0; i + 1 < line.length; i += 1) {
      const [a, b] = [line[i] as Point, line[i + 1] as Point];
      const [ax, ay] = project(a);
      const [bx, by] = project(b);
      const length = (bx - ax) ** 2 + (by - ay) ** 2;
      const share = length
        ? Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
        : 0;
      const away = Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
      if (away < best) {
        best = away;
        found = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
      }
    }
  }
  return found;
}
