// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConditionError, compile, type Fact, type Facts } from "./conditions";

interface Vector {
  claim: string;
  source: string;
  value?: Fact;
  error?: true;
  refused?: true;
}

const file = new URL("../../../tests/vectors/conditions.json", import.meta.url);
const { facts, vectors } = JSON.parse(readFileSync(file, "utf8")) as { facts: Facts; vectors: Vector[] };

describe("the shared vectors of conditions", () => {
  it.each(vectors)("$claim: $source", (vector) => {
    if (vector.refused) {
      expect(() => compile(vector.source)).toThrow(ConditionError);
    } else if (vector.error) {
      const condition = compile(vector.source);
      expect(() => condition.value(facts)).toThrow(ConditionError);
    } else {
      expect(compile(vector.source).value(facts)).toEqual(vector.value);
    }
  });
});

describe("a condition in the browser", () => {
  it("holds only when the result is true or false", () => {
    expect(compile("case.returns < 1").holds(facts)).toBe(true);
    expect(() => compile("case.returns + 1").holds(facts)).toThrow(ConditionError);
  });

  it("is compiled once", () => {
    expect(compile("case.urgent")).toBe(compile("case.urgent"));
  });

  it("reaches nothing of the page", () => {
    for (const source of ["case.constructor", "window.location", "case.__proto__", "globalThis.fetch"]) {
      expect(() => compile(source).value(facts)).toThrow(ConditionError);
    }
  });
});
