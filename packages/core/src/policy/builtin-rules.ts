import type { PolicyRule } from './types.ts';

/**
 * Rules that always apply in addition to the stored ones. All of them allow, so that a stored deny can restrict them.
 */
export const builtinRules: readonly PolicyRule[] = [
  {
    id: -1,
    priority: 0,
    description: 'Administrators may do everything',
    effect: 'allow',
    roles: ['admin'],
    accountTypes: [],
    actions: [],
    repositories: [],
  },
  {
    id: -2,
    priority: 0,
    description: 'People may pull, push, delete and list everywhere',
    effect: 'allow',
    roles: [],
    accountTypes: ['human'],
    actions: ['registry:pull', 'registry:push', 'registry:delete', 'registry:catalog'],
    repositories: [],
  },
  {
    id: -3,
    priority: 0,
    description: 'Every account may check the API version',
    effect: 'allow',
    roles: [],
    accountTypes: [],
    actions: ['registry:version_check'],
    repositories: [],
  },
];
