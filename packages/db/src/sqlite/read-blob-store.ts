import type { DatabaseSync } from 'node:sqlite';
import { DatabaseError } from '../database-error.ts';
import { openToLook } from './examine-database.ts';

/** What a database says of the store that has its blobs. */
export interface BlobStoreFacts {
  /** As `MetadataStore.blobStoreId`. */
  readonly id: string | undefined;
  /** The first blobs in order of locator. */
  readonly blobs: readonly { readonly locator: string; readonly size: number; readonly damage?: string }[];
}

/**
 * Reads the database file at `path` without changing it, also one of an older schema that is not migrated yet, and also
 * beside a running server. Throws a `DatabaseError` when it cannot be read.
 */
export function readBlobStore(path: string, limit: number): BlobStoreFacts {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = openToLook(path);
    const columns = new Set(
      sqlite
        .prepare("SELECT name FROM pragma_table_info('blobs')")
        .all()
        .map(({ name }) => name),
    );
    const damage = columns.has('damage') ? 'damage' : 'NULL AS damage';
    const blobs =
      columns.size === 0
        ? []
        : sqlite.prepare(`SELECT locator, size, ${damage} FROM blobs ORDER BY locator LIMIT ?`).all(limit);
    return {
      id: idIn(sqlite),
      blobs: (blobs as unknown as Row[]).map(({ damage: found, ...row }) => ({
        ...row,
        ...(found !== null && { damage: found }),
      })),
    };
  } catch (cause) {
    throw new DatabaseError(`The database "${path}" cannot be read`, { cause });
  } finally {
    sqlite?.close();
  }
}

interface Row {
  readonly locator: string;
  readonly size: number;
  readonly damage: string | null;
}

function idIn(sqlite: DatabaseSync): string | undefined {
  const isThere = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'blob_store'").get() !== undefined;
  return isThere ? (sqlite.prepare('SELECT id FROM blob_store').get()?.['id'] as string | undefined) : undefined;
}
