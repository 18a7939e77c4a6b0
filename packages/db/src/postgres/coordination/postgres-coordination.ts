// Written by `npm run tables`. Do not edit.
import type { Coordination } from '../../facets/coordination.ts';
import { PostgresFacet } from '../facet.ts';
import { blobStoreId, setBlobStoreId } from './blob-store-id.ts';
import { acquireLease, releaseLease, takeOverLeases } from './leases.ts';
import { versions } from './versions.ts';

/** {@link Coordination} in PostgreSQL. */
export class PostgresCoordination extends PostgresFacet implements Coordination {
  readonly acquireLease = this.operation(acquireLease);
  readonly releaseLease = this.operation(releaseLease);
  readonly takeOverLeases = this.operation(takeOverLeases);
  readonly versions = this.operation(versions);
  readonly blobStoreId = this.operation(blobStoreId);
  readonly setBlobStoreId = this.operation(setBlobStoreId);
}
