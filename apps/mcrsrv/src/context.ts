import { randomUUID } from 'node:crypto';
import { stat, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { deriveSecret, hashingSlots, type IdentityProvider, workloadPrincipal } from '@mcr/auth';
import type { Config } from '@mcr/config';
import { type Clock, systemClock } from '@mcr/core';
import { type MetadataStore, PostgresMetadataStore } from '@mcr/db';
import { Certificates, type SessionTickets } from '@mcr/server-kit';
import { createLogger } from '@mcr/server-kit/logger';
import { type BlobStore, S3BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';
import { besideDatabase } from './beside-database.ts';
import { openBlobs, placeOf } from './blob-stores.ts';
import { createIdentity } from './identity.ts';
import { Metrics } from './metrics.ts';
import { ensureOwnLayers } from './own-layers.ts';
import { readOnlyBlobs } from './read-only/read-only-blobs.ts';
import { readOnlyStore } from './read-only/read-only-store.ts';
import { AuditRecorder } from './services/audit/recorder.ts';
import type { ServiceContext } from './services/context.ts';
import { GarbageCollector } from './services/gc/collector.ts';
import { SweepFigures, sweepObjects } from './services/gc/sweep-objects.ts';
import { identityHealth } from './services/health/identity-health.ts';
import { snapshotPlace, upgradePlaces } from './services/housekeeping/copy-places.ts';
import { Housekeeper, type HousekeepingParts } from './services/housekeeping/housekeeper.ts';
import { BasicLogins } from './services/identity/basic-logins.ts';
import { createLimits } from './services/limits/limits.ts';
import { shareOfWorker } from './services/limits/worker-share.ts';
import { LastPulls } from './services/manifests/last-pulls.ts';
import { SummaryFiller } from './services/manifests/summaries.ts';
import { PolicySource } from './services/policy/source.ts';
import { Rechecks } from './services/rechecks.ts';
import { RepositoryRemover } from './services/repositories/remover.ts';
import type { ServiceSettings } from './services/settings.ts';
import { type FileSystemSpace, FreeSpace } from './services/space/free-space.ts';
import { measure } from './services/space/measure.ts';
import { StorageSampler } from './services/space/sampler.ts';
import { TokenUses } from './services/tokens/uses.ts';
import { UploadSessions } from './services/uploads/sessions.ts';
import { createSignIns } from './sign-ins.ts';
import { openSigningKey } from './signing-key.ts';
import { opening } from './start/opening.ts';
import { databasePlace, openStore, sqlitePath } from './stores.ts';

/** How long before the end of a token its clients should have another one. */
const weekMs = 7 * 86_400_000;

/** Collaborators that tests replace. */
export interface Overrides {
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly store?: MetadataStore;
  readonly blobs?: BlobStore;
  readonly identity?: IdentityProvider;
  /** Keys that this process shares with other workers; absent where it is the only one. */
  readonly tickets?: SessionTickets;
}

/** The processes among which this one is. */
export interface Surroundings {
  /** Number of workers, this one included, that serve the same listeners (default: 1). */
  readonly workers?: number;
  /** Whether no other process has the directories open, which may share them (default: they are not shared). */
  readonly isAlone?: boolean;
}

/** Everything that the server is made of, built once; disposing releases it in order. */
export interface AppContext extends AsyncDisposable {
  readonly config: Config;
  readonly services: ServiceContext;
  readonly certificates: Certificates;
  readonly metrics: Metrics;
  /** Identifies this process in leases. */
  readonly instance: string;
  /** Number of workers, this process included, that serve the same listeners. */
  readonly workers: number;
  /** Resolves when the process must stop because bytes may not have reached the disk. */
  readonly fatal: Promise<unknown>;
}

/** Opens database and storage and wires the services. Throws what they throw, with nothing left open. */
export async function createContext(
  config: Config,
  overrides: Overrides = {},
  { workers = 1, isAlone = !config.storage.shared && config.database.path !== undefined }: Surroundings = {},
): Promise<AppContext> {
  await using cleanup = new AsyncDisposableStack();
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? createLogger(config.log.level);
  const fatal = Promise.withResolvers<unknown>();
  const { tlsCert: certPath, tlsKey: keyPath } = config.server;
  const pair = { section: 'server', certPath, keyPath } as const;
  const certificates = cleanup.adopt(new Certificates(pair, log, overrides.tickets), (it) => it.close());

  const { readOnly } = config.server;
  const writableBlobs = overrides.blobs ?? (await openBlobs(readOnly ? sharing(config) : config, fatal.resolve));
  cleanup.defer(() => writableBlobs.close());
  const databasePath = sqlitePath(config);
  const place = databasePlace(config);
  const retries = { conflict: 0, connection: 0 };
  const onRetry = (reason: keyof typeof retries) => {
    retries[reason] += 1;
  };
  const onWarning = (err: Error) => log.warn({ err }, 'the log of the database needs attention');
  const options = { clock, onFatal: fatal.resolve, onWarning, onRetry };
  const writableStore = overrides.store ?? (await openStore(config, options, writableBlobs));
  cleanup.defer(() => writableStore.close());
  await ensureOwnLayers({ store: writableStore, blobs: writableBlobs, place: placeOf(config), log });
  const store = readOnly ? readOnlyStore(writableStore, log) : writableStore;
  const blobs = readOnly ? readOnlyBlobs(writableBlobs) : writableBlobs;
  const instance = randomUUID();
  // Beside others, a lease may be that of a process that lives.
  if (isAlone && !readOnly) await opening(place.key, place.name, () => store.coordination.takeOverLeases(instance));

  const signingKey = await openSigningKey(config);
  const signIns = createSignIns({ config, store, clock, signingKey });
  const { people } = signIns;
  const identity = overrides.identity ?? (await createIdentity({ config, store, clock, signingKey, people }));
  const audit = cleanup.adopt(new AuditRecorder(store.audit, log), (it) => it.flush());
  const secret = deriveSecret(signingKey, 'login failures');
  const share = shareOfWorker(workers, availableParallelism());
  hashingSlots.resize(share.hashes);
  const rechecks = new Rechecks({ clock, log });
  cleanup.defer(() => rechecks.stop());
  const sessions = new UploadSessions();
  const settings = settingsOf(config);
  const { minFree, layersPath } = config.storage;
  const space = {
    // A bucket, and a server of PostgreSQL, say so themselves when they are full.
    blobs: layersPath === undefined ? FreeSpace.unlimited : new FreeSpace(() => spaceOf(layersPath), minFree),
    database:
      databasePath === undefined ? FreeSpace.unlimited : new FreeSpace(() => spaceOf(dirname(databasePath)), minFree),
  };
  const places = { minFree, databasePath, snapshotDirectory: settings.snapshotDirectory };
  const measureSpace = async () => (layersPath === undefined ? undefined : await measure({ ...places, layersPath }));
  const sampler = new StorageSampler({ store, clock, log, instance, measure: measureSpace });
  cleanup.defer(() => sampler.stop());
  if (!readOnly) sampler.schedule();
  const collector = new GarbageCollector({ store, blobs, settings, clock, log, instance });
  if (!readOnly) await opening(place.key, place.name, () => collector.recover());
  cleanup.defer(() => collector.stop());
  if (!readOnly) collector.schedule(config.gc.interval);
  const s3 = writableBlobs instanceof S3BlobStore ? { store: writableBlobs, swept: new SweepFigures() } : undefined;
  const housekeeper = await createHousekeeper(config, {
    store,
    clock,
    log,
    instance,
    ...(s3 && { sweep: (mayGoOn) => sweepObjects({ store, blobs, clock, log, mayGoOn }, s3.swept) }),
  });
  cleanup.defer(() => housekeeper.stop());
  if (!readOnly) housekeeper.schedule();
  const remover = cleanup.adopt(new RepositoryRemover({ store, settings, clock, log }), (it) => it.stop());
  if (!readOnly) void remover.run();
  const filler = cleanup.adopt(new SummaryFiller({ store, blobs, clock, log, instance }), (it) => it.stop());
  if (!readOnly) void filler.run();
  const usesOf = readOnly ? { noteUses: async () => {} } : store.tokens;
  const tokenUses = cleanup.adopt(new TokenUses({ store: usesOf, clock, log }), (it) => it.flush());
  const pullsOf = readOnly ? { notePulls: async () => {} } : store.manifests;
  const lastPulls = cleanup.adopt(new LastPulls({ store: pullsOf, clock, log }), (it) => it.flush());
  const services: ServiceContext = {
    store,
    blobs,
    identity,
    signIns,
    policy: new PolicySource(store, config.policy.default),
    audit,
    rechecks,
    sessions,
    collector,
    remover,
    limits: createLimits(config.limits, { store, clock, secret, bodies: share.bodies }),
    tokenUses,
    lastPulls,
    basicLogins: new BasicLogins(clock),
    settings,
    endpoint: { publicUrl: config.server.publicUrl, port: 0 },
    space,
    measureSpace,
    clock,
    log,
    ...(config.auth.provider !== 'local' && { identityHealth: identityHealth({ identity, clock, log }) }),
  };
  const metrics = new Metrics({
    statistics: () => store.statistics(),
    quarantined: () => store.blobs.countQuarantined(),
    quarantinedManifests: () => store.manifests.countQuarantined(),
    tokens: () => store.tokens.count({ now: clock.now(), expiringBefore: clock.now() + weekMs }),
    ...(layersPath !== undefined && { freeBytes: () => space.blobs.free() }),
    ...(s3 && { s3: { figures: s3.store.figures, isBroken: () => s3.store.isBroken, swept: s3.swept } }),
    ...(databasePath !== undefined && {
      databaseFreeBytes: () => space.database.free(),
      databaseLogBytes: () => sizeOf(`${databasePath}-wal`),
    }),
    ...(writableStore instanceof PostgresMetadataStore && { postgres: { store: writableStore, retries } }),
    certificateNotAfter: () => certificates.notAfter,
    identityUp: services.identityHealth,
  });
  const owned = cleanup.move();
  return {
    config,
    services,
    certificates,
    metrics,
    instance,
    workers,
    fatal: fatal.promise,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A server that is read-only keeps no other from the blobs: a migration takes the one that owns them alone for one that writes. */
function sharing(config: Config): Config {
  return { ...config, storage: { ...config.storage, shared: true } };
}

async function createHousekeeper(
  config: Config,
  parts: Pick<HousekeepingParts, 'store' | 'clock' | 'log' | 'instance' | 'sweep'>,
): Promise<Housekeeper> {
  const { audit, snapshots } = config;
  const path = sqlitePath(config);
  const copies = [
    snapshotPlace(snapshotDirectory(config), snapshots),
    ...(path === undefined ? [] : await upgradePlaces(path, snapshots)),
  ];
  const directory = audit.exportPath ?? besideDatabase(config, 'audit');
  return new Housekeeper({ ...parts, audit: { retention: audit.retention, directory }, copies });
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function spaceOf(directory: string): Promise<FileSystemSpace> {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { free: bavail * bsize, size: blocks * bsize };
}

/** Where snapshots go, as the command line and the API agree. */
export function snapshotDirectory(config: Config): string {
  return besideDatabase(config, 'snapshots');
}

function settingsOf(config: Config): ServiceSettings {
  return {
    gracePeriod: config.gc.gracePeriod,
    uploadTtl: config.gc.uploadTtl,
    trashRetention: config.gc.trashRetention,
    tagDelete: config.storage.tagDelete,
    ...(config.storage.driver === 's3' &&
      config.s3.redirect && { redirect: { minSize: config.s3.redirectMin, ttl: config.s3.redirectTtl } }),
    policyDefault: config.policy.default,
    isStorageDecisive: config.storage.driver !== 's3',
    localAccounts: config.auth.provider === 'local',
    workloads: config.workloads.map(workloadPrincipal),
    tokens: { ...config.tokens, perAccount: config.limits.tokensPerAccount },
    snapshotDirectory: snapshotDirectory(config),
    snapshots: config.snapshots,
  };
}
