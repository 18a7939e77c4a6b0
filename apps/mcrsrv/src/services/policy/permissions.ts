import { type Action, actions, isAdmin, type PolicyRule, parseRepositoryName } from '@mcr/core';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { policyInput } from './authorize.ts';

/** Whether the caller may do something, and by which rule. */
export interface Permission {
  readonly action: Action;
  readonly allowed: boolean;
  /** The rule that decided, in words; absent when none matched, which denies. */
  readonly rule?: string;
  readonly ruleId?: number;
}

/**
 * What the caller may do, everywhere or in one repository. What a stored rule says of itself is for admins: it may name
 * repositories that the caller cannot see. `NAME_INVALID`.
 */
export async function listPermissions(
  context: ServiceContext,
  caller: Caller,
  repository?: string,
): Promise<Permission[]> {
  const name = repository === undefined ? undefined : parseRepositoryName(repository);
  const policy = await context.policy.current();
  return actions.map((action) => {
    const { effect, rule } = policy.evaluate(policyInput(caller, action, name));
    return { action, allowed: effect === 'allow', ...(rule && { rule: words(rule, caller), ruleId: rule.id }) };
  });
}

function words({ id, description }: PolicyRule, { principal }: Caller): string {
  const isOpen = id < 0 || isAdmin(principal);
  return isOpen && description !== '' ? description : `Rule ${id}`;
}
