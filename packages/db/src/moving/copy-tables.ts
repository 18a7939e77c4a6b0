import { DatabaseError } from '../database-error.ts';
import { countingStatements } from './counted.ts';
import type { Column, MovingDatabase, Row, Session } from './moving-database.ts';
import { findMoved } from './progress.ts';
import { RowSum, type TableSum } from './row-sum.ts';
import { type MovedTable, movedTables, numberedTables } from './tables.ts';

const rowsAtOnce = 1_000;

/** What is to be copied, and how. */
export interface CopyTablesInput {
  readonly source: MovingDatabase;
  readonly target: MovingDatabase;
  /** Id of the store that has the bytes in the target. */
  readonly storeId: string;
  /** Whether blobs lie at other locators in the target, as {@link recordMoved} has recorded them. */
  readonly newLocators: boolean;
  /** Called after each table. */
  readonly onTable?: (sum: TableSum) => Promise<void>;
}

/**
 * Replaces all rows of the target by those of the source, in one transaction, and compares both before it ends. Throws a
 * `DatabaseError`, with nothing changed, when a blob has not been moved, when the target has other rows than the source, or when the
 * source has changed meanwhile. The target's triggers do not run; what they count is counted once, at the end.
 */
export async function copyTables(input: CopyTablesInput): Promise<readonly TableSum[]> {
  const { source, target, storeId } = input;
  const tables = await plansOf(input);
  const names = tables.map(({ name }) => name);
  return await target.write(async (to) => {
    await target.pauseTriggers(to, names);
    for (const name of names.toReversed()) await to.query(`DELETE FROM ${name}`);
    const sums = await source.read(async (from) => {
      const copied: TableSum[] = [];
      for (const table of tables) {
        const sum = await copyTable(input, { from, to, table });
        copied.push(sum);
        await input.onTable?.(sum);
      }
      for (const { name, column } of numberedTables) {
        const last = await source.lastId(from, name, column);
        await target.setLastId(to, { table: name, column, last });
      }
      return copied;
    });
    for (const text of countingStatements) await to.query(text);
    await to.query('DELETE FROM blob_store');
    await to.query('INSERT INTO blob_store (one, id) VALUES (1, $1)', [storeId]);
    await target.resumeTriggers(to, names);
    assertEqual(sums, await sumAll(target, to, tables), 'in the target, than in the source; run it again');
    const again = await source.read((from) => sumAll(source, from, tables));
    assertEqual(sums, again, 'now than before: a server still writes; set server.read_only = true and restart it');
    return sums;
  });
}

/** A table with the columns that are copied, and those that are compared. */
interface Plan extends MovedTable {
  readonly columns: readonly Column[];
  readonly compared: readonly Column[];
}

async function plansOf({ source, target, newLocators }: CopyTablesInput): Promise<readonly Plan[]> {
  const [from, to] = [await source.columns(), await target.columns()];
  // PostgreSQL has types that SQLite has as texts and numbers.
  const kinds = source.dialect === 'postgres' ? from : to;
  return movedTables.map((table) => {
    const { name, counted = [], json = [] } = table;
    const [mine, theirs] = [from, to].map(
      (columns) =>
        columns
          .get(name)
          ?.map((column) => column.name)
          .toSorted() ?? [],
    );
    if (mine?.join() !== theirs?.join()) throw new DatabaseError(`The table ${name} has other columns in the target`);
    const columns = (kinds.get(name) ?? [])
      .filter((column) => !counted.includes(column.name))
      .map((column) =>
        column.kind === 'text' && json.includes(column.name) ? { ...column, kind: 'json' as const } : column,
      );
    const compared = newLocators && name === 'blobs' ? columns.filter((column) => column.name !== 'locator') : columns;
    return { ...table, columns, compared };
  });
}

interface Copy {
  readonly from: Session;
  readonly to: Session;
  readonly table: Plan;
}

async function copyTable(input: CopyTablesInput, { from, to, table }: Copy): Promise<TableSum> {
  const sum = new RowSum(table.compared);
  for await (const rows of rowsOf(input.source, from, table)) {
    sum.add(rows);
    const placed = input.newLocators && table.name === 'blobs' ? await withNewLocators(to, rows) : rows;
    await input.target.insert(to, table.name, table.columns, placed);
  }
  return sum.end(table.name);
}

/** A blob in quarantine need not have any bytes: it keeps its locator, at which none lie. */
async function withNewLocators(to: Session, rows: readonly Row[]): Promise<readonly Row[]> {
  const moved = await findMoved(
    to,
    rows.map((row) => String(row['digest'])),
  );
  return rows.map((row) => {
    const found = moved.get(String(row['digest']));
    if (found !== undefined && found.size === row['size']) return { ...row, locator: found.locator };
    if (row['damage'] !== null) return row;
    throw new DatabaseError(
      `The blob ${String(row['digest'])} is new, and its bytes are not in the target; run it again`,
    );
  });
}

async function* rowsOf(database: MovingDatabase, session: Session, table: Plan): AsyncGenerator<Row[], void, void> {
  const { key, columns } = table;
  const limit = table.rowsAtOnce ?? rowsAtOnce;
  const select = `SELECT ${columns.map((column) => database.expressionOf(column)).join(', ')} FROM ${database.tableOf(table.name)}`;
  const order = `ORDER BY ${key.join(', ')} LIMIT ${limit}`;
  const behind = `WHERE (${key.join(', ')}) > (${key.map((_, at) => `$${at + 1}`).join(', ')})`;
  let rows = await session.query(`${select} ${order}`);
  while (rows.length > 0) {
    yield rows;
    const last = rows.at(-1);
    if (rows.length < limit || last === undefined) return;
    rows = await session.query(
      `${select} ${behind} ${order}`,
      key.map((column) => last[column] ?? null),
    );
  }
}

async function sumAll(database: MovingDatabase, session: Session, tables: readonly Plan[]): Promise<TableSum[]> {
  const sums: TableSum[] = [];
  for (const table of tables) {
    const sum = new RowSum(table.compared);
    for await (const rows of rowsOf(database, session, table)) sum.add(rows);
    sums.push(sum.end(table.name));
  }
  return sums;
}

function assertEqual(expected: readonly TableSum[], found: readonly TableSum[], what: string): void {
  const other = expected.find(({ sha256 }, at) => sha256 !== found[at]?.sha256);
  if (other !== undefined) throw new DatabaseError(`The table ${other.table} has other rows ${what}`);
}
