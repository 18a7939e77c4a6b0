// Written by `npm run tables`. Do not edit.
import type { Blobs } from '../../facets/blobs.ts';
import { PostgresFacet } from '../facet.ts';
import { claimBlob } from './claim-blob.ts';
import { deleteBlob } from './delete-blob.ts';
import { findBlob, findBlobByDigest, findQuarantinedBlob, isLocatorUsed } from './find-blob.ts';
import { mountBlob } from './mount-blob.ts';
import { publishBlob } from './publish-blob.ts';
import { countQuarantined, quarantineBlob, releaseBlob } from './quarantine.ts';

/** {@link Blobs} in PostgreSQL. */
export class PostgresBlobs extends PostgresFacet implements Blobs {
  readonly find = this.operation(findBlob);
  readonly findByDigest = this.operation(findBlobByDigest);
  readonly findQuarantined = this.operation(findQuarantinedBlob);
  readonly claim = this.operation(claimBlob);
  readonly publish = this.operation(publishBlob);
  readonly mount = this.operation(mountBlob);
  readonly delete = this.operation(deleteBlob);
  readonly isLocatorUsed = this.operation(isLocatorUsed);
  readonly quarantine = this.operation(quarantineBlob);
  readonly release = this.operation(releaseBlob);
  readonly countQuarantined = this.operation(countQuarantined);
}
