import { builtinRules } from './builtin-rules.ts';
import { type CompiledRule, compileRule, evaluate, sortRules } from './evaluate.ts';
import type { Decision, PolicyInput, PolicyRule } from './types.ts';

/** A rule as a store gives it: one with `enabled: false` takes no part. */
export type LoadedRule = PolicyRule & { readonly enabled?: boolean };

/** Holds the rules in force, compiled, and decides by them. Begins with the built-in rules alone. */
export class PolicyEngine {
  #rules: readonly CompiledRule[] = [];
  #everywhere: readonly CompiledRule[] = [];

  constructor() {
    this.setRules([]);
  }

  /**
   * Replaces the stored rules; the built-in ones stay. Rules that are not enabled are left out. Throws
   * `PARAMETER_INVALID` for a malformed glob, and then everything stays as it was.
   */
  setRules(rules: readonly LoadedRule[]): void {
    const compiled = merge(rules);
    this.#everywhere = boundless(compiled);
    this.#rules = compiled;
  }

  /** Decides about one request and names the rules that matched. */
  evaluate(input: PolicyInput): Decision {
    return evaluate(input, this.#rules);
  }

  /** Whether the action is allowed in every repository there is or may be; the input's own one is not looked at. */
  allowsEverywhere({ subject, accountType, roles, action }: PolicyInput): boolean {
    return evaluate({ subject, accountType, roles, action }, this.#everywhere).effect === 'allow';
  }

  /** The rules in force, built-in ones included, in the order of evaluation. */
  get rules(): readonly PolicyRule[] {
    return this.#rules.map((compiled) => compiled.rule);
  }
}

/** An allow counts where it names no repository, a deny whichever it names. */
function boundless(rules: readonly CompiledRule[]): readonly CompiledRule[] {
  const counting = rules.filter(({ rule, globs }) => rule.effect === 'deny' || globs.length === 0);
  return counting.map((compiled) => ({ ...compiled, globs: [] }));
}

function merge(stored: readonly LoadedRule[]): readonly CompiledRule[] {
  const enabled = stored.filter((rule) => rule.enabled !== false);
  return sortRules([...builtinRules, ...enabled]).map(compileRule);
}
