import { describe, expect, it } from "vitest";
import { fault } from "./process";

const KNOWN = ["case.returns", "actor.handled"];

describe("a condition while it is typed", () => {
  it("is silent for nothing and for one that reads", () => {
    expect(fault("", KNOWN)).toBe("");
    expect(fault("case.returns >= 1 && !actor.handled", KNOWN)).toBe("");
  });

  it("says when it is unfinished", () => {
    expect(fault("case.returns >=", KNOWN)).not.toBe("");
  });

  it("names what it does not know, but not words inside quotes", () => {
    expect(fault("case.colour == 'red'", KNOWN)).toContain("case.colour");
    expect(fault("case.returns == 'a.b'", KNOWN)).toBe("");
  });
});
