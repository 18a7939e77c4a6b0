import { eq, sql } from 'drizzle-orm';
import type { Connection } from '../connection/connection.ts';
import { blobTrash } from '../schema/index.ts';

/** Locators whose bytes are to be removed after the transaction. */
export interface Trash {
  add(locator: string, size: number): void;
  withdraw(locator: string): void;
}

export function prepareTrash({ db }: Connection): Trash {
  const add = db
    .insert(blobTrash)
    .values({ locator: sql.placeholder('locator'), size: sql.placeholder('size'), attempts: 0 })
    .onConflictDoNothing()
    .prepare();
  const withdraw = db
    .delete(blobTrash)
    .where(eq(blobTrash.locator, sql.placeholder('locator')))
    .prepare();
  return {
    add: (locator, size) => void add.run({ locator, size }),
    withdraw: (locator) => void withdraw.run({ locator }),
  };
}
