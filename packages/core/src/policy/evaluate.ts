import { compileGlob, type Glob } from './glob.ts';
import type { Decision, PolicyInput, PolicyRule } from './types.ts';

/** A rule that is ready to be matched. */
export interface CompiledRule {
  readonly rule: PolicyRule;
  /** In lower case, since UUIDs are case-insensitive; empty for any. */
  readonly subject: string;
  readonly exceptSubjects: ReadonlySet<string>;
  readonly globs: readonly Glob[];
}

/** Compiles the globs of a rule; throws `PARAMETER_INVALID` for a malformed one. */
export function compileRule(rule: PolicyRule): CompiledRule {
  const exceptSubjects = new Set(rule.exceptSubjects?.map((subject) => subject.toLowerCase()));
  const subject = (rule.subject ?? '').toLowerCase();
  return { rule, subject, exceptSubjects, globs: rule.repositories.map((pattern) => compileGlob(pattern)) };
}

/** The rules in the order of evaluation: by priority, then as given. */
export function sortRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  return rules.toSorted((a, b) => a.priority - b.priority);
}

/**
 * Decides a request, and explains the decision by all matching rules: the first matching deny decides, else the first
 * matching allow, else the result is the default deny. `rules` may be in any order.
 */
export function evaluate(input: PolicyInput, rules: readonly CompiledRule[]): Decision {
  const matches = sortRules(rules.filter((compiled) => isMatch(compiled, input)).map((compiled) => compiled.rule));
  const rule = matches.find((match) => match.effect === 'deny') ?? matches[0];
  return rule === undefined ? { effect: 'deny', matches } : { effect: rule.effect, rule, matches };
}

function isMatch({ rule, subject, exceptSubjects, globs }: CompiledRule, input: PolicyInput): boolean {
  return (
    isOpenOr(rule.actions, (action) => action === input.action) &&
    isOpenOr(rule.accountTypes, (type) => type === input.accountType) &&
    isOpenOr(rule.roles, (role) => input.roles.includes(role)) &&
    (subject === '' || subject === input.subject.toLowerCase()) &&
    !exceptSubjects.has(input.subject.toLowerCase()) &&
    !(rule.exceptRoles ?? []).some((role) => input.roles.includes(role)) &&
    isOpenOr(globs, (glob) => (input.repository ? glob(input.repository, input.username) : false))
  );
}

/** An empty list is a wildcard. */
function isOpenOr<T>(list: readonly T[], fits: (item: T) => boolean): boolean {
  return list.length === 0 || list.some(fits);
}
