import { isAccountName, isRole } from '@mcr/core';
import * as z from 'zod';

const roles = z.array(z.string().refine(isRole, 'a role is of a-z 0-9 . _ -')).max(50);
/** Its length is judged by the same rule as at login. */
const password = z.string().max(1_024);

/** A new local account. */
export const accountInput = z.strictObject({
  username: z.string().refine(isAccountName, 'must be of a-z 0-9 . _ - and begin with a letter or digit'),
  account_type: z.enum(['human', 'system']).default('human'),
  roles: roles.default([]),
  password,
});

/** Changes to a local account; what is left out stays. */
export const accountPatch = z.strictObject({
  password: password.optional(),
  enabled: z.boolean().optional(),
  roles: roles.optional(),
});
