import type { PolicyRulePatch } from '../../facets/policy.ts';
import { jsonb } from '../connection/values.ts';

const json = (list: readonly string[] | undefined): string | undefined => list && jsonb(list);

/** The fields of a rule in the order of the statements that write them; what is left out is null. */
export function ruleValues(fields: PolicyRulePatch): unknown[] {
  const { priority, description, effect, roles, accountTypes, subject, actions, repositories } = fields;
  return [
    priority,
    description,
    effect,
    json(roles),
    json(accountTypes),
    subject,
    json(actions),
    json(repositories),
    json(fields.exceptRoles),
    json(fields.exceptSubjects),
    fields.enabled,
  ];
}
