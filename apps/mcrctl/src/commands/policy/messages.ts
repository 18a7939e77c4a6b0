import type { PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import { isoTime } from '../../rpc/values.ts';
import type { Rule } from './rule.ts';

/** A rule in the words of the REST API, so that what one prints the other takes. */
export function toRule(rule: PolicyRule): Rule {
  return {
    id: Number(rule.id),
    priority: rule.priority,
    description: rule.description,
    effect: rule.effect,
    roles: rule.roles,
    account_types: rule.accountTypes,
    subject: rule.subject,
    actions: rule.actions,
    repositories: rule.repositories,
    enabled: rule.enabled,
    created_by: rule.createdBy,
    created_at: isoTime(rule.createdAt),
    updated_at: isoTime(rule.updatedAt),
    warnings: rule.warnings,
  };
}
