import { type CompiledRule, compileRule, failedFields, type RuleField } from './evaluate.ts';
import type { Decision, PolicyInput, PolicyRule } from './types.ts';

/** A rule that would have allowed a request if it had matched. */
export interface NearMiss {
  readonly rule: PolicyRule;
  /** Why it did not match, as the admin API names the fields. */
  readonly failed: readonly (RuleField | 'enabled')[];
}

/** With more fields that differ, a rule is about something else. */
const maxFailed = 2;
/** As many as can be read at a glance. */
const maxNearMisses = 5;

/**
 * The stored rules that nearly allowed a request that no rule matches, the nearest first. None for another decision: where a deny
 * decides, no other rule could change that.
 */
export function nearMisses(
  input: PolicyInput,
  { effect, rule: deciding }: Decision,
  rules: readonly (PolicyRule & { readonly enabled?: boolean })[],
): readonly NearMiss[] {
  if (effect === 'allow' || deciding !== undefined) return [];
  return rules
    .filter((rule) => rule.id > 0 && rule.effect === 'allow')
    .map(({ enabled, ...rule }) => ({ rule: { ...rule, enabled }, failed: failuresOf(rule, enabled !== false, input) }))
    .filter(({ failed }) => failed.length > 0 && failed.length <= maxFailed)
    .toSorted((a, b) => a.failed.length - b.failed.length || a.rule.priority - b.rule.priority)
    .slice(0, maxNearMisses);
}

function failuresOf(rule: PolicyRule, enabled: boolean, input: PolicyInput): NearMiss['failed'] {
  const compiled: CompiledRule | undefined = compiledOrNone(rule);
  const failed = compiled === undefined ? (['repositories'] as const) : failedFields(compiled, input);
  return enabled ? failed : ['enabled', ...failed];
}

/** A rule that is switched off may have a pattern of older times that is malformed now. */
function compiledOrNone(rule: PolicyRule): CompiledRule | undefined {
  try {
    return compileRule(rule);
  } catch {
    return undefined;
  }
}
