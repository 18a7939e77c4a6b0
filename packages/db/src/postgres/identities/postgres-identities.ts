// Written by `npm run tables`. Do not edit.
import type { Identities } from '../../facets/identities.ts';
import { PostgresFacet } from '../facet.ts';
import { deleteIdentity, setIdentityBlocked } from './change-identity.ts';
import { findIdentityById, findIdentityByName, listIdentities } from './find-identity.ts';
import { signIn } from './sign-in.ts';

/** {@link Identities} in PostgreSQL. */
export class PostgresIdentities extends PostgresFacet implements Identities {
  readonly signIn = this.operation(signIn);
  readonly findById = this.operation(findIdentityById);
  readonly findByName = this.operation(findIdentityByName);
  readonly list = this.operation(listIdentities);
  readonly setBlocked = this.operation(setIdentityBlocked);
  readonly delete = this.operation(deleteIdentity);
}
