import { dirname } from 'node:path';
import { type Config, StartError } from '@mcr/config';
import {
  type BlobInspector,
  type BlobStore,
  DiskBlobInspector,
  DiskBlobStore,
  examineBucket,
  isOwned,
  isOwnedAlone,
  lockOwner,
  S3BlobInspector,
  S3BlobStore,
} from '@mcr/storage';
import { s3Options } from './s3-options.ts';
import { opening } from './start/opening.ts';
import { sqlitePath } from './stores.ts';

type Places = Pick<Config, 'database' | 'storage' | 's3'>;

/** Where blobs are, for messages. */
export interface BlobPlace {
  /** The key of the configuration that says so. */
  readonly key: 'storage.layers_path' | 's3.bucket';
  /** A path, or a bucket and a prefix. */
  readonly name: string;
  /** Whether several databases can reach it, from other machines. */
  readonly isReachable: boolean;
}

/** The place of the blobs of a configuration. */
export function placeOf({ storage, s3 }: Pick<Config, 'storage' | 's3'>): BlobPlace {
  if (storage.driver === 's3') {
    return { key: 's3.bucket', name: `${s3.bucket}/${s3.prefix ?? ''}`, isReachable: true };
  }
  return { key: 'storage.layers_path', name: diskOf(storage).layersPath, isReachable: false };
}

/** The directories of blobs and uploads, and whether they are shared. Throws for a configuration of S3. */
export function diskOf({ layersPath, uploadsPath, shared }: Config['storage']) {
  if (layersPath === undefined || uploadsPath === undefined) throw new TypeError('The blobs are not on a disk');
  return { layersPath, uploadsPath, shared };
}

/**
 * Opens the blobs of a configuration for this process, or for it and others if they are shared. Throws a `StartError` that
 * names the key; `onFatal` as in `DiskBlobStoreOptions`.
 */
export async function openBlobs(config: Places, onFatal?: (error: Error) => void): Promise<BlobStore> {
  const { key, name } = placeOf(config);
  if (config.storage.driver === 's3') return await opening(key, name, () => openS3(config));
  const options = { ...diskOf(config.storage), ...(onFatal !== undefined && { onFatal }) };
  return await opening(key, name, () => DiskBlobStore.open(options));
}

/** Opens the blobs of a configuration to look at them, also beside a server. Throws when they are not there. */
export async function inspectBlobs({ storage, s3 }: Pick<Config, 'storage' | 's3'>): Promise<BlobInspector> {
  if (storage.driver === 's3') return await S3BlobInspector.open(s3Options(s3));
  return await DiskBlobInspector.open(diskOf(storage));
}

/** Whether a process has the blobs of a configuration open now. Replicas do not know of each other. */
export function areOwned(config: Places): boolean {
  const directory = ownerDirectory(config);
  return directory !== undefined && isOwned(directory);
}

/** Whether a process has the blobs of a configuration for itself alone now, as a server that takes changes does. */
export function areOwnedAlone(config: Places): boolean {
  const directory = ownerDirectory(config);
  return directory !== undefined && isOwnedAlone(directory);
}

/** A bucket has no lock: what has to be alone is the process that uses the file of the database, or those that share it. */
async function openS3(config: Places): Promise<BlobStore> {
  const options = s3Options(config.s3);
  const problems = await examineBucket(options);
  if (problems.length > 0) throw new StartError(problems);
  const directory = ownerDirectory(config);
  const owner = directory === undefined ? undefined : lockOwner(directory, { shared: config.storage.shared });
  try {
    const store = await S3BlobStore.open(options);
    const close = store.close.bind(store);
    store.close = () => close().finally(() => owner?.release());
    return store;
  } catch (error) {
    owner?.release();
    throw error;
  }
}

/** Where the lock is; `undefined` with S3 and PostgreSQL, where any number of replicas may run. */
function ownerDirectory(config: Places): string | undefined {
  if (config.storage.driver === 'disk') return diskOf(config.storage).layersPath;
  const path = sqlitePath(config);
  return path === undefined ? undefined : dirname(path);
}
