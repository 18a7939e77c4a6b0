// Written by `npm run tables`. Do not edit.
import type { Identities } from '../../facets/identities.ts';
import { SqliteFacet } from '../facet.ts';
import { deleteIdentity, setIdentityBlocked } from './change-identity.ts';
import { findIdentityById, findIdentityByName, listIdentities } from './find-identity.ts';
import { signIn } from './sign-in.ts';

/** {@link Identities} in SQLite. */
export class SqliteIdentities extends SqliteFacet implements Identities {
  readonly signIn = this.operation(signIn);
  readonly findById = this.operation(findIdentityById);
  readonly findByName = this.operation(findIdentityByName);
  readonly list = this.operation(listIdentities);
  readonly setBlocked = this.operation(setIdentityBlocked);
  readonly delete = this.operation(deleteIdentity);
}
