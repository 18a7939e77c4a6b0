import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Rows and files that garbage collection is there to remove. */
export interface Remains {
  /** Locators of the files in the layers directory. */
  readonly files: readonly string[];
  /** Locators of the blob rows. */
  readonly blobs: readonly string[];
  /** Blobs that no manifest references. */
  readonly unreferenced: number;
  readonly uploadFiles: readonly string[];
  readonly uploads: number;
  readonly queue: number;
  readonly trash: number;
  readonly links: number;
  /** Deleted repositories that still have rows. */
  readonly deleted: number;
}

/**
 * What lies in a directory. The database must not be open anywhere in this process, whose locks closing it would drop:
 * give a snapshot of one that is in use.
 */
export async function remainsIn(directory: string, databasePath = join(directory, 'mcr.db')): Promise<Remains> {
  const database = new DatabaseSync(databasePath, { readOnly: true });
  try {
    const count = (from: string) => Number(database.prepare(`SELECT count(*) AS n FROM ${from}`).get()?.['n']);
    const blobs = database.prepare('SELECT locator FROM blobs ORDER BY locator').all();
    return {
      files: await layerFiles(directory),
      blobs: blobs.map((row) => String(row['locator'])),
      unreferenced: count('blobs WHERE id NOT IN (SELECT blob_id FROM manifest_blobs)'),
      uploadFiles: await readdir(join(directory, 'uploads')),
      uploads: count('uploads'),
      queue: count('gc_queue'),
      trash: count('blob_trash'),
      links: count('blob_links'),
      deleted: count('repositories WHERE deleted_at IS NOT NULL'),
    };
  } finally {
    database.close();
  }
}

/** Locators of all files in the layers directory, in order; what begins with a dot is none. */
export async function layerFiles(directory: string): Promise<string[]> {
  const entries = await readdir(join(directory, 'layers'), { recursive: true, withFileTypes: true });
  const root = join(directory, 'layers');
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
