// Written by `npm run tables`. Do not edit.
import type { Delegations } from '../../facets/delegations.ts';
import { SqliteFacet } from '../facet.ts';
import { grantDelegation, revokeDelegation } from './change-delegations.ts';
import { listDelegations, listDelegationsOf } from './list-delegations.ts';

/** {@link Delegations} in SQLite. */
export class SqliteDelegations extends SqliteFacet implements Delegations {
  readonly grant = this.operation(grantDelegation);
  readonly revoke = this.operation(revokeDelegation);
  readonly listOf = this.operation(listDelegationsOf);
  readonly list = this.operation(listDelegations);
}
