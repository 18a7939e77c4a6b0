import type { IdentityProvider } from '@mcr/auth';
import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import type { BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';
import type { AuditRecorder } from './audit/recorder.ts';
import type { GarbageCollector } from './gc/collector.ts';
import type { KeyedLock } from './keyed-lock.ts';
import type { PolicySource } from './policy/source.ts';
import type { UploadSessions } from './uploads/sessions.ts';

/** What operators can set about the behavior of the verbs. */
export interface ServiceSettings {
  /** How long a blob that a client was told about stays, milliseconds: the length of leases and of review delays. */
  readonly gracePeriod: number;
  /** Whether tags can be deleted by name. */
  readonly tagDelete: boolean;
  /** Idle uploads older than this are removed, milliseconds. */
  readonly uploadTtl: number;
  /** Whether accounts are the registry's own. */
  readonly localAccounts: boolean;
  readonly snapshotDirectory: string;
}

/** The collaborators of the verbs, built once in `context.ts`. */
export interface ServiceContext {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly identity: IdentityProvider;
  readonly policy: PolicySource;
  readonly audit: AuditRecorder;
  /** Serializes sealing and removing the bytes of one digest. */
  readonly digestLocks: KeyedLock;
  readonly sessions: UploadSessions;
  readonly collector: GarbageCollector;
  readonly settings: ServiceSettings;
  readonly clock: Clock;
  readonly log: Logger;
}
