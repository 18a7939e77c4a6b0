import type { TrashEntry } from '../../facets/gc.ts';
import type { Connection } from '../connection/connection.ts';

/** Locators whose bytes are to be removed after the transaction. */
export interface Trash {
  add(locator: string, size: number, entry: { readonly kind?: TrashEntry['kind']; readonly now: number }): void;
  withdraw(locator: string): void;
}

export function prepareTrash({ sqlite }: Connection): Trash {
  const add = sqlite.prepare(`INSERT INTO blob_trash (locator, size, attempts, kind, trashed_at) VALUES (?, ?, 0, ?, ?)
    ON CONFLICT DO NOTHING`);
  const withdraw = sqlite.prepare('DELETE FROM blob_trash WHERE locator = ?');
  return {
    add: (locator, size, { kind = 'blob', now }) => void add.run(locator, size, kind, now),
    withdraw: (locator) => void withdraw.run(locator),
  };
}
