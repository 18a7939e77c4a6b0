// Written by `npm run tables`. Do not edit.
import type { Delegations } from '../../facets/delegations.ts';
import { PostgresFacet } from '../facet.ts';
import { grantDelegation, revokeDelegation } from './change-delegations.ts';
import { listDelegations, listDelegationsOf } from './list-delegations.ts';

/** {@link Delegations} in PostgreSQL. */
export class PostgresDelegations extends PostgresFacet implements Delegations {
  readonly grant = this.operation(grantDelegation);
  readonly revoke = this.operation(revokeDelegation);
  readonly listOf = this.operation(listDelegationsOf);
  readonly list = this.operation(listDelegations);
}
