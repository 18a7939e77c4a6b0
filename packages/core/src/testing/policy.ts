import * as fc from 'fast-check';
import { type Action, actions, type PolicyInput, type PolicyRule } from '../policy/types.ts';

/** A rule that allows everything; `fields` override its own. */
export function rule(fields: Partial<PolicyRule> = {}): PolicyRule {
  return {
    id: 1,
    priority: 1,
    description: '',
    effect: 'allow',
    roles: [],
    accountTypes: [],
    actions: [],
    repositories: [],
    ...fields,
  };
}

/** A request of a system account without roles. */
export function systemInput(action: Action, repository?: string): PolicyInput {
  return {
    subject: 'bot',
    username: 'bot',
    accountType: 'system',
    roles: [],
    action,
    ...(repository !== undefined && { repository }),
  };
}

/** A request of a person with the role `user`. */
export function humanInput(action: Action, repository?: string): PolicyInput {
  return { ...systemInput(action, repository), subject: 'ann', username: 'ann', accountType: 'human', roles: ['user'] };
}

/** A request of an administrator, with a system account so that only the role matters. */
export function adminInput(action: Action, repository?: string): PolicyInput {
  return { ...systemInput(action, repository), subject: 'root', username: 'root', roles: ['admin'] };
}

const repositories = ['production/app', 'production/web', 'production/web/api', 'dev/app', 'home/ann', 'app'];
const accountTypes = ['human', 'system'] as const;
const roles = ['admin', 'user', 'ci'];

/** Requests of few different accounts, so that rules match often. */
export const anyInput: fc.Arbitrary<PolicyInput> = fc
  .record({
    subject: fc.constantFrom('ann', 'bot'),
    username: fc.constantFrom('ann', 'bot', 'Ann@example.com'),
    accountType: fc.constantFrom(...accountTypes),
    roles: fc.subarray(roles),
    action: fc.constantFrom(...actions),
    repository: fc.option(fc.constantFrom(...repositories)),
  })
  .map(({ repository, ...rest }) => (repository === null ? rest : { ...rest, repository }));

/** Stored rules that often match {@link anyInput}. */
export const anyRule: fc.Arbitrary<PolicyRule> = fc
  .record({
    id: fc.nat({ max: 50 }),
    priority: fc.integer({ min: 1, max: 4 }),
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    roles: fc.oneof(fc.constant([]), fc.subarray(roles)),
    accountTypes: fc.subarray([...accountTypes]),
    subject: fc.option(fc.constantFrom('ann', 'bot'), { freq: 1 }),
    actions: fc.oneof(fc.constant([]), fc.subarray([...actions])),
    repositories: fc.oneof(
      fc.constant([]),
      fc.subarray(['production/*', 'production/**', 'home/{username}', 'dev/?pp', '*', '[a-d]*/app']),
    ),
  })
  .map(({ subject, ...rest }) => rule(subject === null ? rest : { ...rest, subject }));
