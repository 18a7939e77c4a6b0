import { realpathSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Config } from '@mcr/config';
import { type MovingDatabase, openPostgresForMoving, openSqliteForMoving } from '@mcr/db';
import { areOwnedAlone, diskOf, placeOf } from '../../blob-stores.ts';
import { databasePlace, postgresOptions, sqlitePath } from '../../stores.ts';

/** Opens the database of a configuration, which must be there, to move its rows from it or into it. */
export async function openDatabase(
  config: Config,
  { readonly }: { readonly readonly: boolean },
): Promise<MovingDatabase> {
  const path = sqlitePath(config);
  return path === undefined
    ? await openPostgresForMoving(postgresOptions(config)!)
    : openSqliteForMoving(path, { readonly });
}

/** Whether two configurations name the same database. */
export function hasSameDatabase(one: Config, other: Config): boolean {
  const [path, otherPath] = [sqlitePath(one), sqlitePath(other)];
  if (path !== undefined || otherPath !== undefined) return path === otherPath;
  return databasePlace(one).name === databasePlace(other).name;
}

/** Whether two configurations name the same place of blobs. */
export function hasSameBlobs(one: Config, other: Config): boolean {
  const [place, otherPlace] = [placeOf(one), placeOf(other)];
  if (place.key !== otherPlace.key) return false;
  if (place.key === 'storage.layers_path') return realPath(place.name) === realPath(otherPlace.name);
  return place.name === otherPlace.name && one.s3.endpoint === other.s3.endpoint;
}

/** Bytes that are free where blobs are; infinite where nothing says so. */
export async function freeBytes({ storage }: Config): Promise<number> {
  if (storage.driver === 's3') return Number.POSITIVE_INFINITY;
  const { bavail, bsize } = await statfs(diskOf(storage).layersPath);
  return bavail * bsize;
}

/**
 * Why the registry may still take changes; `undefined` when it says that it takes none, or when no server runs that could. A
 * server that is read-only shares its directories, so that one that was not restarted is noticed.
 */
export function whyWritable(config: Config, path: string): string | undefined {
  const { server, storage } = config;
  const isRunning = areOwnedAlone(config);
  if (server.readOnly && !isRunning) return undefined;
  if (server.readOnly) return 'its server runs with the configuration of before; restart it';
  // Others may share it, on other machines as well.
  const isAnywhere = storage.shared || (storage.driver === 's3' && sqlitePath(config) === undefined);
  if (!isRunning && !isAnywhere) return undefined;
  return `its servers take changes; set server.read_only = true in "${path}" and restart them`;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
