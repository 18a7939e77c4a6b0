import { builtinRulesOf } from './builtin-rules.ts';
import { type CompiledRule, compileRule, evaluate, sortRules } from './evaluate.ts';
import type { Decision, PolicyDefault, PolicyInput, PolicyRule } from './types.ts';

/** A stored rule; it is ignored if `enabled` is false. */
export type LoadedRule = PolicyRule & { readonly enabled?: boolean };

/** Compiles the active rules and decides by them. Starts with only the built-in rules. */
export class PolicyEngine {
  /** What applies where no stored rule says anything. */
  readonly policyDefault: PolicyDefault;
  #rules: readonly CompiledRule[] = [];
  #everywhere: readonly CompiledRule[] = [];

  constructor(policyDefault: PolicyDefault = 'open') {
    this.policyDefault = policyDefault;
    this.setRules([]);
  }

  /**
   * Replaces the stored rules; the built-in ones stay. Disabled rules are ignored. Throws `PARAMETER_INVALID` for a
   * malformed glob, and then nothing changes.
   */
  setRules(rules: readonly LoadedRule[]): void {
    const compiled = merge([...builtinRulesOf(this.policyDefault), ...rules]);
    this.#everywhere = boundless(compiled);
    this.#rules = compiled;
  }

  /** Decides one request and names the rules that matched. */
  evaluate(input: PolicyInput): Decision {
    return evaluate(input, this.#rules);
  }

  /** Whether the action is allowed in every existing or future repository; the input's repository is ignored. */
  allowsEverywhere({ subject, username, accountType, roles, action }: PolicyInput): boolean {
    return evaluate({ subject, username, accountType, roles, action }, this.#everywhere).effect === 'allow';
  }

  /** The active rules, including built-in ones, in the order of evaluation. */
  get rules(): readonly PolicyRule[] {
    return this.#rules.map((compiled) => compiled.rule);
  }
}

/** Considers allows only if they name no repository, and denies in any case. */
function boundless(rules: readonly CompiledRule[]): readonly CompiledRule[] {
  const counting = rules.filter(({ rule, globs }) => rule.effect === 'deny' || globs.length === 0);
  return counting.map((compiled) => ({ ...compiled, globs: [] }));
}

function merge(rules: readonly LoadedRule[]): readonly CompiledRule[] {
  return sortRules(rules.filter((rule) => rule.enabled !== false)).map(compileRule);
}
