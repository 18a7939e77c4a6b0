import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import type { BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';
import type { ServiceSettings } from '../settings.ts';

/** What garbage collection works with. */
export interface CollectorParts {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly settings: Pick<ServiceSettings, 'gracePeriod' | 'trashRetention' | 'uploadTtl'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Identifies this process as the holder of leases. */
  readonly instance: string;
}

/** What a run has done so far. */
export interface Progress {
  blobsRemoved: number;
  bytesFreed: number;
  uploadsRemoved: number;
  examined: number;
  orphansRemoved: number;
  missingFiles: number;
}

/** One run: its parts, its counters, and the point between slices where it renews its lease and reports. */
export interface Run {
  readonly parts: CollectorParts;
  readonly progress: Progress;
  /** Lets other work go on; throws when the run has lost its lease or shall stop. */
  readonly yieldLoop: () => Promise<void>;
}
