import { isGuest } from '../principal.ts';
import { compileGlob, type Glob } from './glob.ts';
import type { Action, Decision, PolicyInput, PolicyRule } from './types.ts';

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

/** The fields of a rule that a request can fail to match, as the admin API names them. */
export type RuleField =
  | 'actions'
  | 'account_types'
  | 'roles'
  | 'subject'
  | 'except_subjects'
  | 'except_roles'
  | 'repositories';

type Check = (compiled: CompiledRule, input: PolicyInput) => boolean;

const callerChecks: readonly (readonly [RuleField, Check])[] = [
  ['actions', ({ rule }, { action }) => isOpenOr(rule.actions, (one) => one === action)],
  ['account_types', ({ rule }, input) => fitsAccountType(rule, input)],
  ['roles', ({ rule }, { roles }) => isOpenOr(rule.roles, (role) => roles.includes(role))],
  ['subject', ({ subject }, input) => subject === '' || subject === input.subject.toLowerCase()],
  ['except_subjects', ({ exceptSubjects }, { subject }) => !exceptSubjects.has(subject.toLowerCase())],
  ['except_roles', ({ rule }, { roles }) => !(rule.exceptRoles ?? []).some((role) => roles.includes(role))],
];

const checks: typeof callerChecks = [
  ...callerChecks,
  [
    'repositories',
    ({ globs }, { repository, ...caller }) =>
      isOpenOr(globs, (glob) => (repository ? glob(repository, isGuest(caller) ? undefined : caller.username) : false)),
  ],
];

/** The fields by which a rule does not match; none when it matches. */
export function failedFields(compiled: CompiledRule, input: PolicyInput): readonly RuleField[] {
  return checks.filter(([, fits]) => !fits(compiled, input)).map(([field]) => field);
}

/** The rules that match in some repositories, if in any: those that fit caller and action. */
export function concerning(input: Omit<PolicyInput, 'repository'>, rules: readonly CompiledRule[]) {
  return rules.filter((compiled) => callerChecks.every(([, fits]) => fits(compiled, input)));
}

function isMatch(compiled: CompiledRule, input: PolicyInput): boolean {
  return checks.every(([, fits]) => fits(compiled, input));
}

/** What a rule can let guests do. */
export const guestActions: readonly Action[] = ['registry:pull', 'registry:catalog', 'registry:version_check'];

/**
 * A rule lets guests in only if it names their type, so that one for any account never opens the registry to the world; the
 * version check says nothing about content. A deny for any account is about guests, too.
 */
function fitsAccountType({ accountTypes, effect }: PolicyRule, { accountType, action }: PolicyInput): boolean {
  if (accountType !== 'anonymous' || effect === 'deny') return isOpenOr(accountTypes, (type) => type === accountType);
  if (accountTypes.length === 0) return action === 'registry:version_check';
  return accountTypes.includes('anonymous') && guestActions.includes(action);
}

/** An empty list is a wildcard. */
function isOpenOr<T>(list: readonly T[], fits: (item: T) => boolean): boolean {
  return list.length === 0 || list.some(fits);
}
