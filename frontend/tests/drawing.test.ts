import { expect, test } from "vitest";
import { type Arc, Drawing, moved, type Point, snapped } from "../src/map/drawing";

/** Four squares round a middle: the outer ring is fixed, four borders meet in (1, 1). */
const sent = (): { arcs: Arc[]; fixed: Point[] } => ({
  arcs: [
    {
      points: [
        [0, 0],
        [1, 0],
      ],
      sides: [1],
    },
    {
      points: [
        [1, 0],
        [1, 1],
      ],
      sides: [1, 2],
    },
    {
      points: [
        [0, 1],
        [1, 1],
      ],
      sides: [1, 3],
    },
    {
      points: [
        [1, 1],
        [1, 2],
      ],
      sides: [3, 4],
    },
    {
      points: [
        [1, 1],
        [2, 1],
      ],
      sides: [2, 4],
    },
  ],
  fixed: [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 2],
    [2, 1],
  ],
});

const middle = (drawing: Drawing) => {
  const found = drawing.vertices().find((vertex) => vertex.places.length === 4);
  if (!found) throw new Error("no node");
  return found;
};

test("a node moves with every border that meets there", () => {
  const drawing = new Drawing(sent());
  expect(drawing.move(middle(drawing), [1.2, 1.1])).toBe(true);
  expect(Object.keys(drawing.changed())).toEqual(["1", "2", "3", "4"]);
  for (const arc of drawing.arcs.slice(1)) expect(arc.points).toContainEqual([1.2, 1.1]);
});

test("what lies on the outer border stays, and has no vertices of its own to move", () => {
  const drawing = new Drawing(sent());
  const fixed = drawing.vertices().filter((vertex) => vertex.fixed);
  expect(fixed).toHaveLength(4);
  for (const vertex of fixed) expect(drawing.move(vertex, [5, 5])).toBe(false);
  expect(drawing.changed()).toEqual({});
});

test("a point is added in the middle of an edge, moved and taken out again; a node is not taken out", () => {
  const drawing = new Drawing(sent());
  const edge = drawing.middles()[0];
  expect(edge).toEqual({ at: [1, 0.5], arc: 1, index: 1 });
  drawing.insert(1, 1, [1, 0.5]);
  const added = drawing.vertices().find((vertex) => !vertex.node);
  expect(added?.at).toEqual([1, 0.5]);
  if (added) expect(drawing.remove(added)).toBe(true);
  expect(drawing.changed()).toEqual({});
  expect(drawing.remove(middle(drawing))).toBe(false);
});

test("each step can be undone and done again, until something else is drawn", () => {
  const drawing = new Drawing(sent());
  drawing.move(middle(drawing), [1.2, 1.1]);
  drawing.move(middle(drawing), [1.3, 1.1]);
  drawing.undo();
  expect(middle(drawing).at).toEqual([1.2, 1.1]);
  drawing.redo();
  expect(middle(drawing).at).toEqual([1.3, 1.1]);
  drawing.undo();
  drawing.undo();
  expect([drawing.canUndo, drawing.canRedo, drawing.changed()]).toEqual([false, true, {}]);
  drawing.insert(1, 1, [1, 0.5]);
  expect(drawing.canRedo).toBe(false);
});

test("a drawing that was refused comes back as it was", () => {
  const drawing = new Drawing(sent());
  drawing.restore({
    1: [
      [1, 0],
      [1.1, 0.5],
      [1, 1],
    ],
    99: [],
  });
  expect(drawing.changed()).toEqual({
    1: [
      [1, 0],
      [1.1, 0.5],
      [1, 1],
    ],
  });
});

test("a step of a metre is a metre, to the east as to the north", () => {
  const [lon, lat] = moved([113, 60], 10, 10);
  expect((lat - 60) * 111_320).toBeCloseTo(10, 1);
  expect((lon - 113) * 111_320 * Math.cos(Math.PI / 3)).toBeCloseTo(10, 1);
});

test("a point near a road comes onto it, one far from all stays", () => {
  const flat = (point: Point): [number, number] => point;
  const road: Point[][] = [
    [
      [0, 0],
      [10, 0],
    ],
  ];
  expect(snapped([5, 0.5], road, flat, 1)).toEqual([5, 0]);
  expect(snapped([5, 3], road, flat, 1)).toEqual([5, 3]);
  expect(snapped([5, 3], [], flat, 1)).toEqual([5, 3]);
});
