import { DatabaseError } from '../database-error.ts';
import type { MovingDatabase, Session } from './moving-database.ts';
import { movedTables } from './tables.ts';

/** A blob whose bytes are in the target. */
export interface MovedBlob {
  readonly digest: string;
  readonly size: number;
  readonly locator: string;
}

/** The tables that only a database has that is not moved completely; a server does not start on it. */
export const progressTable = 'migration_source';
const tables = [
  `CREATE TABLE IF NOT EXISTS ${progressTable} (one bigint PRIMARY KEY, id text NOT NULL, store text NOT NULL)`,
  'CREATE TABLE IF NOT EXISTS moved_blobs (digest text PRIMARY KEY, size bigint NOT NULL, locator text NOT NULL)',
];

/** The error for a database that is not moved completely. */
export function unfinishedMove(): DatabaseError {
  return new DatabaseError('It is the target of an unfinished migration; run mcrsrv migrate to its end, or remove it');
}

/** What moves, by the ids of the stores of bytes. */
export interface Move {
  readonly source: string;
  readonly target: string;
}

/**
 * Begins to move a registry into a database, or goes on. Throws a `DatabaseError` when it has rows of its own, or is the target of
 * another registry. Resolves with the id of the target's store, which is the one that the move was begun with.
 */
export async function beginMove(target: MovingDatabase, move: Move): Promise<string> {
  const isBegun = await isMoveBegun(target);
  return await target.write(async (session) => {
    if (isBegun) {
      const text = `SELECT id AS source, store AS target FROM ${progressTable}`;
      const [found] = await session.query<Move>(text);
      if (found?.source === move.source) return found.target;
      throw new DatabaseError('It is the target of an unfinished migration of another registry; name another database');
    }
    const table = await firstWithRows(session);
    if (table !== undefined)
      throw new DatabaseError(`It is not empty: there are rows in ${table}; name a new database, or remove this one`);
    for (const text of tables) await session.query(text);
    const values = [move.source, move.target];
    await session.query(`INSERT INTO ${progressTable} (one, id, store) VALUES (1, $1, $2)`, values);
    return move.target;
  });
}

/** Whether a database is the target of an unfinished migration. */
async function isMoveBegun(target: MovingDatabase): Promise<boolean> {
  return (await target.columns()).has(progressTable);
}

async function firstWithRows(session: Session): Promise<string | undefined> {
  for (const { name } of movedTables) {
    if (name === 'versions') continue;
    if ((await session.query(`SELECT 1 AS one FROM ${name} LIMIT 1`)).length > 0) return name;
  }
  return undefined;
}

/** Which of these digests have been moved, with where they lie in the target. */
export async function findMoved(session: Session, digests: readonly string[]): Promise<ReadonlyMap<string, MovedBlob>> {
  if (digests.length === 0) return new Map();
  const places = digests.map((_, at) => `$${at + 1}`).join();
  const rows = await session.query<MovedBlob>(
    `SELECT digest, size, locator FROM moved_blobs WHERE digest IN (${places})`,
    digests,
  );
  return new Map(rows.map((row) => [row.digest, row]));
}

/** Records that the bytes of a blob are durable in the target. */
export async function recordMoved(target: MovingDatabase, { digest, size, locator }: MovedBlob): Promise<void> {
  await target.write(async (session) => {
    await session.query('DELETE FROM moved_blobs WHERE digest = $1', [digest]);
    await session.query('INSERT INTO moved_blobs (digest, size, locator) VALUES ($1, $2, $3)', [digest, size, locator]);
  });
}

/** Blobs that were moved, and that the source no longer had when its tables were; for when these have been copied. */
export async function listSpare(target: MovingDatabase): Promise<readonly MovedBlob[]> {
  return await target.read((session) =>
    session.query<MovedBlob>(`SELECT digest, size, locator FROM moved_blobs m
      WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.locator = m.locator)`),
  );
}

/** Makes the target a database that servers start on. */
export async function endMove(target: MovingDatabase): Promise<void> {
  await target.write(async (session) => {
    for (const name of ['moved_blobs', progressTable]) await session.query(`DROP TABLE ${name}`);
  });
}
