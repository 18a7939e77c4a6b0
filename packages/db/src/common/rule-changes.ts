import { isDeepStrictEqual } from 'node:util';
import { RegistryError } from '@mcr/core';
import type { NewPolicyRule, PolicyRulePatch, StoredPolicyRule } from '../facets/policy.ts';

const names: Readonly<Record<keyof NewPolicyRule, string>> = {
  priority: 'priority',
  description: 'description',
  effect: 'effect',
  roles: 'roles',
  accountTypes: 'account_types',
  subject: 'subject',
  actions: 'actions',
  repositories: 'repositories',
  exceptRoles: 'except_roles',
  exceptSubjects: 'except_subjects',
  enabled: 'enabled',
  delegated: 'delegated',
};

/** Fields of a rule in the words of the audit log; a subject that was taken away is an empty one. */
export function describeFields(fields: PolicyRulePatch): Record<string, string> {
  const known = Object.entries(fields).filter(([field, value]) => field in names && value !== undefined);
  return Object.fromEntries(known.map(([field, value]) => [names[field as keyof NewPolicyRule], String(value ?? '')]));
}

/** The fields of a patch that say something else than the rule does. */
export function changedFields(rule: NewPolicyRule, patch: PolicyRulePatch): PolicyRulePatch {
  const before: Partial<Record<string, unknown>> = { subject: null, ...rule };
  const changed = Object.entries(patch).filter(
    ([field, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[field]),
  );
  return Object.fromEntries(changed);
}

/** Throws `CONFLICT` for a rule that another request has changed since it was looked at. */
export function assertExpected(rule: StoredPolicyRule, expected: StoredPolicyRule | undefined): void {
  if (expected === undefined || isDeepStrictEqual(rule, expected)) return;
  const message = `Policy rule ${rule.id} was changed meanwhile; look at it and try again`;
  throw new RegistryError('CONFLICT', message, { detail: { id: rule.id } });
}
