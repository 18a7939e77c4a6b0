import { isForEverything } from '@mcr/core';
import { usageError } from '../../cli/errors.ts';
import type { RuleBody } from './rule-body.ts';

/** The option of commands that write a rule. */
export const everythingOption = {
  everything: {
    type: 'boolean',
    default: false,
    describe: 'Accept a rule without conditions, which applies to every account, action and repository',
  },
} as const;

/** Whether a rule with these fields, where omitted ones mean any, applies to everything. */
export function isEverything({ roles = [], account_types: accountTypes = [], subject, ...rest }: RuleBody): boolean {
  const { actions = [], repositories = [], except_roles: exceptRoles, except_subjects: exceptSubjects } = rest;
  return isForEverything({
    roles,
    accountTypes: accountTypes as never[],
    ...(subject !== undefined && { subject }),
    actions: actions as never[],
    repositories,
    ...(exceptRoles && { exceptRoles }),
    ...(exceptSubjects && { exceptSubjects }),
  });
}

/** Throws a usage error for a rule that applies to everything, unless `--everything` is given. */
export function requireMeant(rule: RuleBody, everything: boolean): void {
  if (everything || !isEverything(rule)) return;
  throw usageError(
    `the rule would ${rule.effect ?? 'apply to'} everything: every account, every action and every repository`,
    'narrow it by --role, --account-type, --subject, --action or --repository, or add --everything',
  );
}
