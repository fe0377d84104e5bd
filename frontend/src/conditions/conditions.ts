/**
 * Conditions in the browser: the same small part of CEL that the server reads (tests/vectors/conditions.json).
 * The server checks every source before it sends it, so this side only evaluates.
 */
import { Environment } from "@marcbachmann/cel-js";

export type Fact = null | boolean | number | string | Fact[] | { [name: string]: Fact };
export type Facts = { [name: string]: Fact };

/** A source that cannot be read, or facts that cannot answer it. */
export class ConditionError extends Error {}

export interface Condition {
  /** The result over these facts; throws ConditionError if a fact is missing or of the wrong kind. */
  value(facts: Facts): Fact;
  /** True or false over these facts; any other result throws ConditionError. */
  holds(facts: Facts): boolean;
}

const compiled = new Map<string, Condition>();

/** Reads a source once; asking for it again is free. Throws ConditionError. */
export function compile(source: string): Condition {
  let condition = compiled.get(source);
  if (!condition) {
    condition = read(source);
    compiled.set(source, condition);
  }
  return condition;
}

function read(source: string): Condition {
  const evaluate = guarded(() => {
    const parsed = environment.parse(source);
    const kinds = parsed.check();
    if (!kinds.valid) throw kinds.error;
    return parsed;
  });
  const value = (facts: Facts): Fact =>
    guarded(() => plain(evaluate(exact(facts) as Record<string, unknown>)));
  const holds = (facts: Facts): boolean => {
    const result = value(facts);
    if (typeof result !== "boolean") throw new ConditionError("the result is neither true nor false");
    return result;
  };
  return { value, holds };
}

const environment = new Environment({ unlistedVariablesAreDyn: true });

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ConditionError ? error : new ConditionError(String(error));
  }
}

/** JSON has one kind of number: the whole ones are integers here, as on the server. */
function exact(fact: Fact): unknown {
  if (typeof fact === "number") return Number.isInteger(fact) ? BigInt(fact) : fact;
  if (Array.isArray(fact)) return fact.map(exact);
  if (fact !== null && typeof fact === "object") {
    return Object.fromEntries(Object.entries(fact).map(([name, inner]) => [name, exact(inner)]));
  }
  return fact;
}

function plain(result: unknown): Fact {
  if (typeof result === "bigint") return Number(result);
  if (Array.isArray(result)) return result.map(plain);
  if (result instanceof Map)
    return Object.fromEntries([...result].map(([name, inner]) => [name, plain(inner)]));
  return result as Fact;
}
