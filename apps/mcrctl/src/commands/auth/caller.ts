import type { Field } from '../../output/field.ts';

/** Whom a token belongs to. */
export interface Caller {
  readonly username: string;
  readonly id: string;
  readonly account_type: string;
  readonly roles: readonly string[];
  readonly expires_at: string | undefined;
}

/** Fields of `mcrctl whoami`. */
export const callerFields: readonly Field<Caller & { readonly server: string }>[] = [
  { name: 'server', describe: 'URL of the registry' },
  { name: 'username', describe: 'Name of the account' },
  { name: 'id', describe: 'UUID of the account; what a policy rule calls its subject' },
  { name: 'account_type', describe: '`human` or `system`' },
  { name: 'roles', kind: 'list', none: 'none', describe: 'Roles' },
  { name: 'expires_at', kind: 'time', describe: 'When the token stops working' },
];
