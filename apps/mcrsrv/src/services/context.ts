import type { IdentityProvider } from '@mcr/auth';
import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import type { BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';
import type { AuditRecorder } from './audit/recorder.ts';
import type { GarbageCollector } from './gc/collector.ts';
import type { BasicLogins } from './identity/basic-logins.ts';
import type { Limits } from './limits/limits.ts';
import type { LastPulls } from './manifests/last-pulls.ts';
import type { PolicySource } from './policy/source.ts';
import type { Rechecks } from './rechecks.ts';
import type { RepositoryRemover } from './repositories/remover.ts';
import type { ServiceSettings } from './settings.ts';
import type { SignIns } from './sign-in/providers.ts';
import type { Space } from './space/free-space.ts';
import type { Measured } from './space/measure.ts';
import type { TokenUses } from './tokens/uses.ts';
import type { UploadSessions } from './uploads/sessions.ts';

/** Where clients find the registry. */
export interface Endpoint {
  /** `server.public_url`, if it was configured. */
  readonly publicUrl: string | undefined;
  /** Port of the registry's own listener; 0 before it listens. */
  port: number;
}

/** The collaborators of the verbs, built once in `context.ts`. */
export interface ServiceContext {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly identity: IdentityProvider;
  readonly signIns: SignIns;
  readonly policy: PolicySource;
  readonly audit: AuditRecorder;
  /** Second looks at what is in quarantine. */
  readonly rechecks: Rechecks;
  readonly sessions: UploadSessions;
  readonly collector: GarbageCollector;
  readonly remover: RepositoryRemover;
  readonly limits: Limits;
  readonly tokenUses: TokenUses;
  readonly lastPulls: LastPulls;
  /** Logins of clients that fetch no token. */
  readonly basicLogins: BasicLogins;
  readonly settings: ServiceSettings;
  readonly endpoint: Endpoint;
  readonly space: Space;
  /** Reads how full the file system of the blobs is; resolves with nothing for a bucket. */
  readonly measureSpace: () => Promise<Measured | undefined>;
  /** Whether the identity service responds; absent where accounts are local. */
  readonly identityHealth?: (() => Promise<boolean>) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}
