import { isNarrowed, isWithinLimits } from '../access-token.ts';
import { guest } from '../principal.ts';
import { builtinRulesOf } from './builtin-rules.ts';
import { type CompiledRule, compileRule, concerning, evaluate, sortRules } from './evaluate.ts';
import { isHeldThroughout } from './held-rights.ts';
import { type NearMiss, nearMisses } from './near-misses.ts';
import type { Decision, PolicyDefault, PolicyInput, PolicyRule } from './types.ts';

/** A stored rule; it is ignored if `enabled` is false. */
export type LoadedRule = PolicyRule & { readonly enabled?: boolean };

/** Compiles the active rules and decides by them. Starts with only the built-in rules. */
export class PolicyEngine {
  /** What applies where no stored rule says anything. */
  readonly policyDefault: PolicyDefault;
  #rules: readonly CompiledRule[] = [];
  #everywhere: readonly CompiledRule[] = [];
  #all: readonly LoadedRule[] = [];
  #allowsGuests = false;

  constructor(policyDefault: PolicyDefault = 'open') {
    this.policyDefault = policyDefault;
    this.setRules([]);
  }

  /**
   * Replaces the stored rules; the built-in ones stay. Disabled rules are ignored. Throws `PARAMETER_INVALID` for a
   * malformed glob, and then nothing changes.
   */
  setRules(rules: readonly LoadedRule[]): void {
    const all = [...builtinRulesOf(this.policyDefault), ...rules];
    const compiled = merge(all);
    this.#all = all;
    this.#allowsGuests = letsGuestsPull(compiled);
    this.#everywhere = boundless(compiled);
    this.#rules = compiled;
  }

  /** Decides one request and names the rules that matched. An access token narrows what they allow. */
  evaluate(input: PolicyInput): Decision {
    return decide(input, this.#rules);
  }

  /**
   * Whether one caller may do one thing in each of many repositories, by the rules as they are now. Rules that are about others, or
   * about something else, are looked at once.
   */
  allowedIn(input: Omit<PolicyInput, 'repository'>): (repository: string) => boolean {
    const rules = concerning(input, this.#rules);
    if (input.limits === undefined && rules.every(({ globs }) => globs.length === 0)) {
      const isAllowed = decide(input, rules).effect === 'allow';
      return () => isAllowed;
    }
    return (repository) => decide({ ...input, repository }, rules).effect === 'allow';
  }

  /** Whether the action is allowed in every existing or future repository; the input's repository is ignored. */
  allowsEverywhere({ subject, username, accountType, roles, action, limits }: PolicyInput): boolean {
    if (limits !== undefined && isNarrowed(limits)) return false;
    return evaluate({ subject, username, accountType, roles, action }, this.#everywhere).effect === 'allow';
  }

  /** Whether the action is certainly allowed in all that a pattern covers, by rules that no delegate has written. */
  isHeldThroughout(input: PolicyInput, pattern: string): boolean {
    return isHeldThroughout(input, pattern, this.#rules);
  }

  /**
   * The rules that nearly allowed what none allows, with the fields that failed; disabled rules are among them. `isShown` keeps
   * rules from the list.
   */
  nearMisses(
    input: PolicyInput,
    decision: Decision,
    isShown: (rule: LoadedRule) => boolean = () => true,
  ): readonly NearMiss[] {
    return nearMisses(input, decision, this.#all.filter(isShown));
  }

  /** Whether some rule could let guests pull something. */
  get allowsGuests(): boolean {
    return this.#allowsGuests;
  }

  /** Every rule, enabled or not, the built-in ones first. */
  get all(): readonly LoadedRule[] {
    return this.#all;
  }

  /** The active rules, including built-in ones, in the order of evaluation. */
  get rules(): readonly PolicyRule[] {
    return this.#rules.map((compiled) => compiled.rule);
  }
}

function decide(input: PolicyInput, rules: readonly CompiledRule[]): Decision {
  const decision = evaluate(input, rules);
  const { limits } = input;
  if (limits === undefined || decision.effect === 'deny' || isWithinLimits(limits, input)) return decision;
  return { effect: 'deny', isBeyondToken: true, matches: decision.matches };
}

/** Considers allows only if they name no repository, and denies in any case. */
function boundless(rules: readonly CompiledRule[]): readonly CompiledRule[] {
  const counting = rules.filter(({ rule, globs }) => rule.effect === 'deny' || globs.length === 0);
  return counting.map((compiled) => ({ ...compiled, globs: [] }));
}

/** Whether guests may pull from some repository: all allows count, and the denies that are about every repository. */
function letsGuestsPull(rules: readonly CompiledRule[]): boolean {
  const { id: subject, ...caller } = guest;
  const counting = rules.filter(({ rule, globs }) => rule.effect === 'allow' || globs.length === 0);
  const anywhere = counting.map((compiled) => ({ ...compiled, globs: [] }));
  return evaluate({ subject, ...caller, action: 'registry:pull' }, anywhere).effect === 'allow';
}

function merge(rules: readonly LoadedRule[]): readonly CompiledRule[] {
  return sortRules(rules.filter((rule) => rule.enabled !== false)).map(compileRule);
}
