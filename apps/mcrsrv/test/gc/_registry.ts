import { join } from 'node:path';
import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { type Clock, type Digest, digestOf, parseRepositoryName, type RepositoryName } from '@mcr/core';
import { type GcRun, type MetadataStore, SqliteMetadataStore } from '@mcr/db';
import { createLogger } from '@mcr/server-kit/logger';
import { type BlobStore, DiskBlobStore } from '@mcr/storage';
import { createCall } from '../../src/admin/call.ts';
import type { Operation } from '../../src/admin/operation.ts';
import { diskOf } from '../../src/blob-stores.ts';
import { createContext } from '../../src/context.ts';
import type { Caller } from '../../src/services/caller.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { type RegistryDirectory } from './_directory.ts';
import { Steps } from './_steps.ts';

export const minute = 60_000;
/** What the directory's configuration says. */
export const gracePeriod = 60 * minute;

/** A clock that stands still until it is moved. It starts at the time of now, because files have the machine's time. */
export class TestClock implements Clock {
  #now = Date.now();

  now(): number {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

/** A registry without listeners on a directory, whose calls to database and storage can be held and broken. */
export interface Registry extends AsyncDisposable {
  readonly services: ServiceContext;
  readonly steps: Steps;
  readonly clock: TestClock;
}

export const caller: Caller = {
  principal: { id: 'a4b8f6c0-2d6e-4c52-9d3c-5f2f0a6f9d11', username: 'admin', accountType: 'human', roles: ['admin'] },
  ip: '127.0.0.1',
  expiresAt: Number.MAX_SAFE_INTEGER,
  requestId: 'request',
};

/** Runs an operation of the admin API as `caller`. */
export async function administer<I extends DescMessage, O extends DescMessage>(
  { services }: Registry,
  operation: Operation<I, O>,
  request: MessageInitShape<I>,
): Promise<MessageShape<O>> {
  const call = createCall({
    caller,
    ip: caller.ip,
    token: undefined,
    signal: () => new AbortController().signal,
    page: { limit: 100, parameter: 'page_token' },
  });
  return await operation.run(services, call, create(operation.method.input, request));
}

export const app: RepositoryName = parseRepositoryName('team/app');
export const other: RepositoryName = parseRepositoryName('team/other');

/** What is altered about the stores of a registry. */
export interface Alterations {
  readonly store?: (store: MetadataStore) => MetadataStore;
  readonly blobs?: (blobs: BlobStore) => BlobStore;
}

/** Opens a registry on the directory, with its stores as they are unless altered. Disposing it is a clean shutdown, also after a crash was played. */
export async function openRegistry(
  { path, config }: Pick<RegistryDirectory, 'path' | 'config'>,
  clock: TestClock = new TestClock(),
  { store: alterStore = (it) => it, blobs: alterBlobs = (it) => it }: Alterations = {},
): Promise<Registry> {
  const steps = new Steps();
  const store = steps.watch(alterStore(await SqliteMetadataStore.open({ path: join(path, 'mcr.db'), clock })));
  const blobs = steps.watch(alterBlobs(await DiskBlobStore.open(diskOf(config.storage))));
  const log = createLogger('silent', { write: () => {} });
  const context = await createContext(config, { store, blobs, clock, log });
  return {
    services: context.services,
    steps,
    clock,
    async [Symbol.asyncDispose]() {
      steps.revive();
      await context[Symbol.asyncDispose]();
    },
  };
}

/** Runs a garbage collection to its end. */
export async function collect({ services }: Registry, options: { reconcile?: boolean } = {}): Promise<GcRun> {
  const { collector } = services;
  const started = await collector.start({ reconcile: options.reconcile ?? false, trigger: 'api', actor: {} });
  return (await collector.finished()) ?? started;
}

/** Whether the blob is in the repository with all its bytes. */
export async function isWhole({ services }: Registry, repository: RepositoryName, digest: Digest): Promise<boolean> {
  const record = await services.store.blobs.find(repository, digest, services.clock.now());
  if (record === undefined) return false;
  const blob = await services.blobs.open(record.locator, record.size);
  const bytes = await new Response(blob.stream()).bytes();
  return digestOf(bytes) === digest;
}
