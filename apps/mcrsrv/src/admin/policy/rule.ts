import {
  exceptionProblem,
  guestProblem,
  isRole,
  maxGlobLength,
  type PolicyRule,
  patternProblem,
  RegistryError,
  ruleWarnings,
  scopeProblem,
} from '@mcr/core';
import type { NewPolicyRule, StoredPolicyRule } from '@mcr/db';
import type { FieldProblem } from '@mcr/rpc';
import type { PolicyRule as PolicyRuleMessage } from '@mcr/rpc/mcr/v1/policy_pb';
import type { ServiceContext } from '../../services/context.ts';
import { invalidRequest } from '../invalid-request.ts';
import type { Plain } from '../plain.ts';

type Checked = Partial<
  Pick<
    NewPolicyRule,
    'effect' | 'accountTypes' | 'roles' | 'subject' | 'actions' | 'repositories' | 'exceptRoles' | 'exceptSubjects'
  >
>;

/** A rule as the API shows it. A built-in rule has no times, and always takes part. */
export function shownRule(rule: PolicyRule & Partial<StoredPolicyRule>): Plain<PolicyRuleMessage> {
  return {
    ...rule,
    subject: rule.subject,
    createdBy: rule.createdBy,
    exceptRoles: rule.exceptRoles ?? [],
    exceptSubjects: rule.exceptSubjects ?? [],
    enabled: rule.enabled ?? true,
    delegated: rule.delegated ?? false,
    warnings: ruleWarnings(rule),
  };
}

/**
 * Rejects what no request could match, beyond what each field's rules say: patterns that are none, patterns beside actions that
 * concern no repository, exceptions of everyone, and roles that no local account can have, of which those of a stored rule are
 * not looked at again. Throws `PARAMETER_INVALID`.
 */
export function checkRule(
  { settings }: Pick<ServiceContext, 'settings'>,
  { roles = [], actions = [], repositories = [], ...callers }: Checked,
  newRoles: readonly string[] = roles,
): void {
  const problems = repositories.flatMap((pattern, at): FieldProblem[] => {
    const problem = globProblem(pattern);
    return problem === undefined ? [] : [{ field: `repositories.${at}`, problem }];
  });
  const odd = settings.localAccounts ? newRoles.find((role) => !isRole(role)) : undefined;
  if (odd !== undefined) {
    const problem = `no account has the role ${JSON.stringify(odd)}: a role is of a-z 0-9 . _ -`;
    problems.push({ field: 'roles', problem });
  }
  if (problems.length > 0) throw invalidRequest(problems);
  const scope = scopeProblem({ actions, repositories });
  if (scope !== undefined) throw invalidRequest([{ field: 'repositories', problem: scope }]);
  const { effect = 'deny', accountTypes = [], ...account } = callers;
  if (new Set(accountTypes).size < accountTypes.length)
    throw invalidRequest([{ field: 'account_types', problem: 'must not have a type twice' }]);
  const forGuests = guestProblem({ effect, accountTypes, roles, actions, ...account });
  if (forGuests !== undefined) throw invalidRequest([forGuests]);
  const exception = exceptionProblem({ roles, ...callers });
  if (exception === undefined) return;
  const field = exception.field === 'exceptRoles' ? 'except_roles' : 'except_subjects';
  throw invalidRequest([{ field, problem: exception.problem }]);
}

function globProblem(pattern: string): string | undefined {
  if (pattern.length > maxGlobLength) return `must have at most ${maxGlobLength} characters`;
  try {
    return patternProblem(pattern);
  } catch (error) {
    if (error instanceof RegistryError) return error.message;
    throw error;
  }
}

/** The error for a rule that is not stored; the built-in rules are not. */
export function ruleUnknown(id: number): RegistryError {
  return new RegistryError('NOT_FOUND', `There is no policy rule ${id}`, { detail: { id } });
}
