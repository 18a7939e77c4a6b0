import type { GarbageCollection } from '../../facets/gc.ts';
import { trashedBytes } from '../../rejections.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { prepareTrash } from './trash.ts';

/** No process is stopped for so long, and then goes on with the request that it had. */
const rememberedMs = 30 * 24 * 60 * 60_000;

/** Throws `UNAVAILABLE` when bytes are trash, or were, before they are put on record: what is trash never comes back. */
export function prepareAssertNotTrashed({ sqlite }: Connection): (locator: string) => void {
  const statement = sqlite.prepare<[string, string]>(
    'SELECT 1 FROM swept_locators WHERE locator = ? UNION ALL SELECT 1 FROM blob_trash WHERE locator = ?',
  );
  return (locator) => {
    if (statement.get(locator, locator) !== undefined) throw trashedBytes();
  };
}

export const sweepLocator: Operation<GarbageCollection['sweep']> = (connection) => {
  const { sqlite, writeUnremembered } = connection;
  const trash = prepareTrash(connection);
  const isUsed = prepareIsLocatorUsed(connection);
  const isTrash = sqlite.prepare<[string]>('SELECT 1 FROM blob_trash WHERE locator = ?');
  const remember = sqlite.prepare(
    'INSERT INTO swept_locators (locator, swept_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const forget = sqlite.prepare('DELETE FROM swept_locators WHERE swept_at < ?');
  return ({ locator, size, kind, now }) =>
    writeUnremembered(() => {
      if (isUsed(locator) || isTrash.get(locator) !== undefined) return false;
      forget.run(now - rememberedMs);
      remember.run(locator, now);
      trash.add(locator, size, { kind, now });
      return true;
    });
};

/** Whether a blob or a piece of an upload has a locator. */
export function prepareIsLocatorUsed({ sqlite }: Connection): (locator: string) => boolean {
  const statement = sqlite.prepare<[string, string]>(
    'SELECT 1 FROM blobs WHERE locator = ? UNION ALL SELECT 1 FROM upload_pieces WHERE locator = ?',
  );
  return (locator) => statement.get(locator, locator) !== undefined;
}
