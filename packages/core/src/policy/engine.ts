import { builtinRules } from './builtin-rules.ts';
import { type CompiledRule, compileRule, evaluate, sortRules } from './evaluate.ts';
import type { Decision, PolicyInput, PolicyRule } from './types.ts';

/** A rule as a store gives it: one with `enabled: false` takes no part. */
export type LoadedRule = PolicyRule & { readonly enabled?: boolean };

/** Holds the rules in force, compiled, and decides by them. Begins with the built-in rules alone. */
export class PolicyEngine {
  #rules: readonly CompiledRule[];

  constructor() {
    this.#rules = merge([]);
  }

  /**
   * Replaces the stored rules; the built-in ones stay. Rules that are not enabled are left out. Throws
   * `PARAMETER_INVALID` for a malformed glob, and then everything stays as it was.
   */
  setRules(rules: readonly LoadedRule[]): void {
    this.#rules = merge(rules);
  }

  /** Decides about one request and names the rules that matched. */
  evaluate(input: PolicyInput): Decision {
    return evaluate(input, this.#rules);
  }

  /** The rules in force, built-in ones included, in the order of evaluation. */
  get rules(): readonly PolicyRule[] {
    return this.#rules.map((compiled) => compiled.rule);
  }
}

function merge(stored: readonly LoadedRule[]): readonly CompiledRule[] {
  const enabled = stored.filter((rule) => rule.enabled !== false);
  return sortRules([...builtinRules, ...enabled]).map(compileRule);
}
