import { type Action, actions, parseRepositoryName } from '@mcr/core';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { policyInput } from './authorize.ts';

/** Whether the caller may do something, and by which rule. */
export interface Permission {
  readonly action: Action;
  readonly allowed: boolean;
  readonly rule?: string;
}

/** What the caller may do, everywhere or in one repository. `NAME_INVALID`. */
export async function listPermissions(
  context: ServiceContext,
  caller: Caller,
  repository?: string,
): Promise<Permission[]> {
  const name = repository === undefined ? undefined : parseRepositoryName(repository);
  const policy = await context.policy.current();
  return actions.map((action) => {
    const { effect, rule } = policy.evaluate(policyInput(caller, action, name));
    return { action, allowed: effect === 'allow', ...(rule && { rule: rule.description }) };
  });
}
