import { randomUUID } from 'node:crypto';
import { type Config, type ConfigProblem, StartError } from '@mcr/config';
import type { BlobStoreFacts, MetadataStore } from '@mcr/db';
import { type BlobInspector, BlobMissing, type BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';
import { type BlobPlace, inspectBlobs, placeOf } from './blob-stores.ts';
import { hasDatabase } from './lost-database.ts';

/** Blobs that are looked for. Locators are digests, so that the first ones are as good a choice as any. */
const sampleSize = 64;

type Layers = Pick<BlobStore | BlobInspector, 'id' | 'list' | 'open'>;
type Rows = Pick<MetadataStore, 'coordination' | 'inspection'>;

/** What says whether a database and a directory of blobs belong together. */
export interface Belonging {
  /** Id of the store, as the database and as the directory have it. */
  readonly known: string | undefined;
  readonly found: string | undefined;
  /** Of a sample of the database's blobs: how many there are, and how many have a file of their size. */
  readonly sampled: number;
  readonly present: number;
  /** How many others are not known to be damaged. */
  readonly missing: number;
  /** Whether there are blobs in the directory. */
  readonly occupied: boolean;
}

/** Looks whether database and directory belong together, and changes nothing. */
export async function examineBelonging(store: Rows, layers: Layers): Promise<Belonging> {
  return await compare(
    { id: await store.coordination.blobStoreId(), blobs: await store.inspection.listBlobs({ limit: sampleSize }) },
    layers,
  );
}

async function compare({ id: known, blobs }: BlobStoreFacts, layers: Layers): Promise<Belonging> {
  let present = 0;
  let missing = 0;
  for (const { locator, size, damage } of blobs) {
    if (await isPresent(layers, locator, size)) present += 1;
    else if (damage === undefined) missing += 1;
  }
  return { known, found: layers.id, sampled: blobs.length, present, missing, occupied: await isOccupied(layers) };
}

async function isPresent(layers: Layers, locator: string, size: number): Promise<boolean> {
  try {
    await (await layers.open(locator, size)).close();
    return true;
  } catch (error) {
    if (error instanceof BlobMissing) return false;
    throw error;
  }
}

async function isOccupied(layers: Layers): Promise<boolean> {
  for await (const _ of layers.list()) return true;
  return false;
}

/** Why the directory is not the one of the database; `undefined` when it is, or may become it. */
export function whyForeign({ known, found, ...sample }: Belonging): string | undefined {
  if (known === undefined || found === undefined) return whyUnlikely(sample, known !== undefined);
  return known === found ? undefined : `it has the id ${found}, and the database knows ${known}`;
}

/** Why a place that several machines can reach is that of another database: it was given an id, and this one knows none. */
function whyOfAnother({ known, found, present }: Belonging): string | undefined {
  return known === undefined && found !== undefined && present === 0 ? 'another database uses it' : undefined;
}

/** Why the blobs alone speak against it. `met` says that the database has known a directory. */
export function whyUnlikely(
  { sampled, present, missing, occupied }: Omit<Belonging, 'known' | 'found'>,
  met = false,
): string | undefined {
  if (sampled > 0 && (present === 0 || missing > present))
    return `of ${sampled} blobs that it should have it has ${present}`;
  if (sampled > 0) return undefined;
  if (occupied) return 'it has blobs, and the database knows none';
  return met ? 'it lacks the id that the database knows' : undefined;
}

function foreign({ key, name }: BlobPlace, reason: string): ConfigProblem {
  const [what, remedy] =
    key === 's3.bucket'
      ? ['place', 'correct the bucket or the prefix, or restore the objects']
      : ['directory', 'mount its disk, correct the path, or restore the layers'];
  const message = `"${name}" is not the ${what} of this database: ${reason}; ${remedy}; if this is meant, run mcrsrv adopt`;
  return { key, message };
}

/** What is to belong together. */
export interface OwnLayersInput {
  readonly store: Rows;
  readonly blobs: Layers & Pick<BlobStore, 'adopt'>;
  readonly place: BlobPlace;
  readonly log?: Pick<Logger, 'info'>;
}

/**
 * Makes sure that database and directory belong together, and gives both the same id where one has none and they share
 * blobs, or neither has any. Throws a `StartError`, with nothing changed.
 */
export async function ensureOwnLayers({ store, blobs, place, log }: OwnLayersInput): Promise<void> {
  const known = await store.coordination.blobStoreId();
  if (known !== undefined && known === blobs.id) return;
  const belonging = await examineBelonging(store, blobs);
  const reason = whyForeign(belonging) ?? (place.isReachable ? whyOfAnother(belonging) : undefined);
  if (reason !== undefined) throw new StartError([foreign(place, reason)]);
  const id = await joinLayers(store, blobs, known);
  const { sampled, present } = belonging;
  log?.info({ layers: place.name, id, sampled, present }, 'the layers are marked as those of this database');
}

/** The same for who only looks. Database and directory that have not met yet pass: no server has started on them. */
export async function assertOwnLayers(store: Rows, layers: Layers, place: BlobPlace): Promise<void> {
  const known = await store.coordination.blobStoreId();
  if (known === undefined || known === layers.id) return;
  const reason = whyForeign(await examineBelonging(store, layers));
  throw new StartError([foreign(place, reason ?? 'it lacks the id that the database knows')]);
}

/**
 * Gives both one id: that of the directory, else that of the database, else a new one. The directory comes first, so that
 * processes that start at the same time agree.
 */
export async function joinLayers(
  store: Pick<MetadataStore, 'coordination'>,
  blobs: Pick<BlobStore, 'id' | 'adopt'>,
  known: string | undefined,
): Promise<string> {
  const id = blobs.id ?? (await blobs.adopt(known ?? randomUUID()));
  if (known !== id) await store.coordination.setBlobStoreId(id);
  return id;
}

/**
 * What a start would say about database and layers, without changing either, also beside a running server. `undefined`
 * when it would say nothing, or there is no database yet.
 */
export async function foreignLayers({
  database,
  storage,
  s3,
}: Pick<Config, 'database' | 'storage' | 's3'>): Promise<ConfigProblem | undefined> {
  const { path } = database;
  // Of a database in PostgreSQL the start itself says it.
  if (path === undefined || !(await hasDatabase(path))) return undefined;
  const { readBlobStore } = await import('@mcr/db');
  const facts = readBlobStore(path, sampleSize);
  if (facts.id === undefined && facts.blobs.length === 0) return undefined;
  const reason = await inspectBlobs({ storage, s3 }).then(
    async (layers) => whyForeign(await compare(facts, layers)),
    () => `it cannot be read, or is no ${storage.driver === 's3' ? 'bucket' : 'directory'} of blobs`,
  );
  return reason === undefined ? undefined : foreign(placeOf({ storage, s3 }), reason);
}
