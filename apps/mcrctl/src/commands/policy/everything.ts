import { isForEverything } from '@mcr/core';
import { usageError } from '../../cli/errors.ts';
import type { RuleBody } from './rule-body.ts';

/** Option of commands that write a rule. */
export const everythingOption = {
  everything: {
    type: 'boolean',
    default: false,
    describe: 'Mean it: the rule names nobody, nothing and nowhere, so it is for every account, action and repository',
  },
} as const;

/** Whether a rule of these fields, where what is left out means any, is for everything. */
export function isEverything({ roles = [], account_types: accountTypes = [], subject, ...rest }: RuleBody): boolean {
  const { actions = [], repositories = [] } = rest;
  return isForEverything({
    roles,
    accountTypes: accountTypes as never[],
    ...(subject !== undefined && { subject }),
    actions: actions as never[],
    repositories,
  });
}

/** Throws a usage error for a rule that is for everything, unless that is meant. */
export function requireMeant(rule: RuleBody, everything: boolean): void {
  if (everything || !isEverything(rule)) return;
  throw usageError(
    `the rule would ${rule.effect ?? 'hold for'} everything: every account, every action and every repository`,
    'narrow it by --role, --account-type, --subject, --action or --repository, or add --everything',
  );
}
