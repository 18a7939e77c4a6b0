// Written by `npm run tables`. Do not edit.
import type { StorageSpace } from '../../facets/space.ts';
import { PostgresFacet } from '../facet.ts';
import { listStorageSamples, putStorageSample } from './storage-samples.ts';
import { largestRepositories, storedBytes } from './stored-bytes.ts';

/** {@link StorageSpace} in PostgreSQL. */
export class PostgresStorageSpace extends PostgresFacet implements StorageSpace {
  readonly stored = this.operation(storedBytes);
  readonly largest = this.operation(largestRepositories);
  readonly putSample = this.operation(putStorageSample);
  readonly samples = this.operation(listStorageSamples);
}
