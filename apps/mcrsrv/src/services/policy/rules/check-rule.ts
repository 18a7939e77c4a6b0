import { isRole, RegistryError, scopeProblem } from '@mcr/core';
import type { NewPolicyRule } from '@mcr/db';
import type { ServiceContext } from '../../context.ts';

type Checked = { readonly [Field in 'roles' | 'actions' | 'repositories']?: NewPolicyRule[Field] | undefined };

/**
 * Rejects what no request could match, beyond what each field says of itself: patterns beside actions that concern no
 * repository, and roles that no local account can have. Throws `PARAMETER_INVALID`.
 */
export function checkRule(
  { settings }: ServiceContext,
  { roles = [], actions = [], repositories = [] }: Checked,
): void {
  const odd = settings.localAccounts ? roles.find((role) => !isRole(role)) : undefined;
  if (odd !== undefined)
    throw invalid('roles', `no account has the role ${JSON.stringify(odd)}: a role is of a-z 0-9 . _ -`);
  const problem = scopeProblem({ actions, repositories });
  if (problem !== undefined) throw invalid('repositories', problem);
}

function invalid(field: string, problem: string): RegistryError {
  return new RegistryError('PARAMETER_INVALID', `${field}: ${problem}`, { detail: [{ field, problem }] });
}
