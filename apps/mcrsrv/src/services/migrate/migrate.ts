import { randomUUID } from 'node:crypto';
import { type Config, StartError } from '@mcr/config';
import { systemClock } from '@mcr/core';
import {
  assertCurrentSchema,
  beginMove,
  copyTables,
  endMove,
  listSpare,
  type MovingDatabase,
  storeIdOf,
  type TableSum,
} from '@mcr/db';
import type { BlobInspector, BlobStore } from '@mcr/storage';
import { inspectBlobs, openBlobs, placeOf } from '../../blob-stores.ts';
import { opening } from '../../start/opening.ts';
import { databasePlace, openStore } from '../../stores.ts';
import type { Finding } from '../fsck/finding.ts';
import { type FindingKind, findingKinds } from '../fsck/kinds.ts';
import { runFsck } from '../fsck/run-fsck.ts';
import { type CopiedBlobs, copyBlobs } from './copy-blobs.ts';
import { Pace } from './pace.ts';
import { freeBytes, hasSameBlobs, hasSameDatabase, openDatabase, whyWritable } from './places.ts';

/** A migration that cannot go on until an operator has done something. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** What moves where. */
export interface MigrationInput {
  readonly from: Config;
  /** The file of `from`, for messages. */
  readonly fromPath: string;
  readonly to: Config;
  /** Whether every byte is read again in the target at the end. */
  readonly deep: boolean;
  /** Blobs that are copied at the same time. */
  readonly parallel: number;
  /** Bytes that are read per second at most; 0 is no limit. */
  readonly rate: number;
  readonly onStep: (step: string) => void;
  readonly onBlobs: (copied: Readonly<CopiedBlobs>) => void;
  readonly onFinding: (finding: Finding) => void;
}

/** How far a migration has come. */
export interface Migration {
  /** Whether servers can start on the target. */
  readonly isComplete: boolean;
  /** Why it went no further than the bytes. */
  readonly waitsFor?: string;
  readonly blobs: Readonly<CopiedBlobs> | undefined;
  readonly tables: readonly TableSum[];
}

/**
 * Moves a registry to other places: bytes first, beside its servers; then, once it takes no changes, all rows in one transaction, which
 * are compared, and an inspection of the target. It can be killed at any time and goes on when it is run again. Nothing in the source
 * is changed. Throws a `StartError` that names the key of a place, and a {@link MigrationError}.
 */
export async function migrate(input: MigrationInput): Promise<Migration> {
  const { from, to } = input;
  if (hasSameDatabase(from, to)) {
    const { key, name } = databasePlace(to);
    throw new StartError([{ key, message: `"${name}" is the database that is to be moved; name another one` }]);
  }
  await using resources = new AsyncDisposableStack();
  const source = resources.adopt(await openSource(from), (it) => it.close());
  const bytes = await opening(...keyAndName(placeOf(from)), () => inspectBlobs(from));
  const id = await storeIdOf(source);
  if (id === undefined || id !== bytes.id)
    throw new MigrationError(
      'The database and the blobs to be moved do not belong together; start the server on them once',
    );
  const blobs = hasSameBlobs(from, to) ? undefined : resources.adopt(await openBlobs(to), (it) => it.close());
  const place = databasePlace(to);
  await (await openStore(to, { evenUnfinished: true })).close();
  const target = resources.adopt(await openDatabase(to, { readonly: false }), (it) => it.close());
  const move = { source: id, target: blobs === undefined ? id : randomUUID() };
  const storeId = await opening(place.key, place.name, () => beginMove(target, move));
  if (blobs !== undefined) await claim(blobs, storeId, to);
  if (blobs !== undefined) await removeUnrecorded(target, blobs);
  const copied = blobs && (await moveBytes(input, { source, target, from: bytes, to: blobs }));
  const waitsFor = whyWritable(from, input.fromPath);
  if (waitsFor !== undefined) return { isComplete: false, waitsFor, blobs: copied, tables: [] };
  const tables = await moveRows(input, { source, target, blobs, storeId });
  input.onStep('Inspecting the target');
  await inspect(input);
  await endMove(target);
  return { isComplete: true, blobs: copied, tables };
}

function keyAndName({ key, name }: { readonly key: string; readonly name: string }): [key: string, name: string] {
  return [key, name];
}

async function openSource(config: Config): Promise<MovingDatabase> {
  const { key, name } = databasePlace(config);
  return await opening(key, name, async () => {
    const database = await openDatabase(config, { readonly: true });
    try {
      await assertCurrentSchema(database);
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  });
}

/** Makes an empty place that of this migration, by its id. What is in any other place is not this migration's. */
async function claim(blobs: BlobStore, id: string, config: Config): Promise<void> {
  if (blobs.id === id) return;
  const isEmpty = (await blobs.list()[Symbol.asyncIterator]().next()).done === true;
  if (blobs.id === undefined && isEmpty && (await blobs.adopt(id)) === id) return;
  const { key, name } = placeOf(config);
  const message = `"${name}" has blobs, or is the place of another registry; name a new place, or remove what is there`;
  throw new StartError([{ key, message }]);
}

/** What was being written when a migration was broken off. */
async function removeUnrecorded(target: MovingDatabase, blobs: BlobStore): Promise<void> {
  await blobs.abortUnfinished(Date.now());
  for await (const { locator } of blobs.listPieces()) await blobs.remove(locator);
  const isMoved = 'SELECT 1 AS one FROM moved_blobs WHERE locator = $1';
  for await (const { locator } of blobs.list()) {
    const found = await target.read((session) => session.query(isMoved, [locator]));
    if (found.length === 0) await blobs.remove(locator);
  }
}

interface Bytes {
  readonly source: MovingDatabase;
  readonly target: MovingDatabase;
  readonly from: BlobInspector;
  readonly to: BlobStore;
}

async function moveBytes(input: MigrationInput, parts: Bytes): Promise<Readonly<CopiedBlobs>> {
  input.onStep('Copying blobs');
  const { parallel, onBlobs: onProgress } = input;
  const free = await freeBytes(input.to);
  const assertRoom = (bytes: number): void => {
    if (bytes <= free) return;
    const { key, name } = placeOf(input.to);
    const message = `"${name}" has room for ${free} bytes, and ${bytes} are missing; free some, or name another place`;
    throw new StartError([{ key, message }]);
  };
  const copied = await copyBlobs({ ...parts, parallel, pace: new Pace(input.rate), onProgress, assertRoom });
  const [first] = copied.damaged;
  if (first === undefined) return copied;
  throw new MigrationError(
    `The bytes of ${copied.damaged.length} blobs are damaged, ${first} among them; run mcrsrv fsck --deep --repair on the source, push them again, or delete what refers to them`,
  );
}

/** What a migration could be the cause of; anything else the source has as well. */
const ownFindings = [
  'database-damaged',
  'blob-missing',
  'blob-size',
  'blob-digest',
  'blob-unreadable',
  'repository-size',
  'figures-wrong',
  'row-dangling',
] as const satisfies readonly FindingKind[];

interface Rows {
  readonly source: MovingDatabase;
  readonly target: MovingDatabase;
  readonly blobs: BlobStore | undefined;
  readonly storeId: string;
}

async function moveRows(
  { onStep }: MigrationInput,
  { source, target, blobs, storeId }: Rows,
): Promise<readonly TableSum[]> {
  onStep('Copying and comparing tables');
  const tables = await copyTables({ source, target, storeId, newLocators: blobs !== undefined });
  if (blobs === undefined) return tables;
  for (const { locator } of await listSpare(target)) await blobs.remove(locator);
  return tables;
}

async function inspect({ to, deep, onFinding }: MigrationInput): Promise<void> {
  const store = await openStore(to, { evenUnfinished: true });
  try {
    await store.inspection.recountTotals();
    const { gracePeriod, uploadTtl } = to.gc;
    const { findings } = await runFsck({
      store,
      files: await inspectBlobs(to),
      clock: systemClock,
      settings: { gracePeriod, uploadTtl },
      options: { deep, repair: false, removeMostFiles: false, quarantineMostBlobs: false },
      actor: {},
      onFinding,
    });
    const [kind] = ownFindings.filter((it) => findings[it] !== undefined);
    if (kind !== undefined)
      throw new MigrationError(`The target is not whole (${kind}: ${findingKinds[kind]}); run the migration again`);
  } finally {
    await store.close();
  }
}
