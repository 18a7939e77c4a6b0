import { createHash, hash } from 'node:crypto';
import type { Column, Row, Value } from './moving-database.ts';

/** How many rows a table has, and a digest of what they say. */
export interface TableSum {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 in hexadecimal. Equal in both dialects for the same rows. */
  readonly sha256: string;
}

/** Adds up the rows of one table, in the order of its key. */
export class RowSum {
  readonly #hash = createHash('sha256');
  readonly #columns: readonly Column[];
  #rows = 0;

  constructor(columns: readonly Column[]) {
    this.#columns = columns.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      this.#hash.update(JSON.stringify(this.#columns.map(({ name, kind }) => plain(row[name] ?? null, kind))));
      this.#rows += 1;
    }
  }

  end(table: string): TableSum {
    return { table, rows: this.#rows, sha256: this.#hash.digest('hex') };
  }
}

function plain(value: Value, kind: Column['kind']): unknown {
  if (value === null) return null;
  if (value instanceof Uint8Array) return hash('sha256', value, 'hex');
  if (kind === 'json' || kind === 'jsonb') return sorted(JSON.parse(String(value)));
  return typeof value === 'string' ? storable(value) : value;
}

/** PostgreSQL has no character 0, and nothing that is not well-formed. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}

/** PostgreSQL has the keys of an object in an order of its own. */
function sorted(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, child]) => [storable(key), sorted(child)]);
}
