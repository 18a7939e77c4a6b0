import { readdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Share } from '@mcr/config';
import { minimumOf } from './free-space.ts';

/** A file system in bytes, as `df` shows it. */
export interface FileSystem {
  readonly size: number;
  readonly used: number;
  /** What only root may use. */
  readonly reserved: number;
  /** What is left for this process. */
  readonly free: number;
  /** What stays free, since pushes are rejected before. */
  readonly minFree: number;
}

/** A disk, and what it has beside the bytes of blobs. */
export interface Measured {
  readonly fileSystem: FileSystem;
  /** Bytes of the database with its log, and of copies of it; absent where it lies on another file system. */
  readonly database?: number;
  readonly copies?: number;
}

/** Where to measure. */
export interface MeasuredPlaces {
  readonly layersPath: string;
  readonly minFree: Share;
  /** Absent for a database in PostgreSQL. */
  readonly databasePath?: string | undefined;
  readonly snapshotDirectory: string;
}

/** A database in SQLite is these files; others that begin with its name are copies that upgrades and restores have left. */
const databaseFiles = ['', '-wal', '-shm'];

/** Reads how full the file system of the blobs is, and what the database takes of it. Throws what the file system throws. */
export async function measure(places: MeasuredPlaces): Promise<Measured> {
  const { layersPath, databasePath, minFree, snapshotDirectory } = places;
  const { bsize, blocks, bfree, bavail } = await statfs(layersPath);
  const size = blocks * bsize;
  const fileSystem: FileSystem = {
    size,
    used: (blocks - bfree) * bsize,
    reserved: (bfree - bavail) * bsize,
    free: bavail * bsize,
    minFree: minimumOf(minFree, { size }),
  };
  if (databasePath === undefined) return { fileSystem };
  const { dev } = await stat(layersPath);
  if ((await stat(databasePath)).dev !== dev) return { fileSystem };
  const name = basename(databasePath);
  const files = (await filesIn(dirname(databasePath))).filter((path) => basename(path).startsWith(name));
  const isDatabase = (path: string) => databaseFiles.includes(basename(path).slice(name.length));
  const copies = [...files.filter((path) => !isDatabase(path)), ...(await filesIn(snapshotDirectory))];
  return {
    fileSystem,
    database: await bytesOf(files.filter(isDatabase), dev),
    copies: await bytesOf(copies, dev),
  };
}

/** Retention bounds how many there are. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(directory, entry.name));
}

async function bytesOf(paths: readonly string[], dev: number): Promise<number> {
  const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return found.reduce((sum, file) => sum + (file?.dev === dev ? file.size : 0), 0);
}
