import { requirePostgres } from '@mcr/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetadataStore } from '../src/index.ts';
import { type CopyTablesInput, copyTables } from '../src/moving/copy-tables.ts';
import type { MovingDatabase, Row } from '../src/moving/moving-database.ts';
import { beginMove, endMove, listSpare, recordMoved } from '../src/moving/progress.ts';
import type { TableSum } from '../src/moving/row-sum.ts';
import { movedTables } from '../src/moving/tables.ts';
import { app, change, rule, start } from '../src/testing/fixtures.ts';
import { perform } from '../src/testing/model.ts';
import { anyAction } from '../src/testing/model-actions.ts';
import { type Dialect, fill, makePlace, type Place } from './_moving.ts';

/** What belongs to the old place, and stays there: open uploads, trash, leases, counts of failed logins, ids of changes. */
const leftTables: readonly string[] = [
  'uploads',
  'upload_pieces',
  'blob_trash',
  'swept_locators',
  'leases',
  'login_failures',
  'changes',
  'blob_store',
];

/** What is counted anew from the tables that move. */
const countedTables: readonly string[] = [
  'totals',
  'pending_garbage',
  'shared_bytes',
  'audit_blocks',
  'repository_layers',
  'figure_changes',
];

const storeId = '6dfb37d7-51d4-4a07-9f25-5e01ac7a5a1c';
const begun = { source: 'one', target: storeId };
const dialects: readonly Dialect[] = ['sqlite', 'postgres'];
const directions = dialects.flatMap((from) => dialects.map((to) => [from, to] as const));
const withPostgres = describe.skipIf(!requirePostgres(15));

/** Has every blob that is not damaged lie elsewhere in the target. */
async function moveBytes(source: MovingDatabase, target: MovingDatabase): Promise<void> {
  const blobs = await source.read((session) =>
    session.query<{ digest: string; size: number }>('SELECT digest, size FROM blobs WHERE damage IS NULL'),
  );
  for (const { digest, size } of blobs) await recordMoved(target, { digest, size, locator: `moved ${digest}` });
}

async function move(from: Place, to: Place, options: Partial<CopyTablesInput> = {}) {
  const [source, target] = [await from.open(true), await to.open()];
  await beginMove(target, begun);
  await moveBytes(source, target);
  const sums = await copyTables({ source, target, storeId, newLocators: true, ...options });
  await (await to.store(true)).inspection.recountTotals();
  await endMove(target);
  return sums;
}

/** Every row of what moves, as the dialect has it. */
async function rowsOf(place: Place): Promise<Readonly<Record<string, readonly Row[]>>> {
  const database = await place.open(true);
  const columns = await database.columns();
  return await database.read(async (session) => {
    const tables: Record<string, readonly Row[]> = {};
    for (const { name, key } of movedTables) {
      const named = (columns.get(name) ?? []).map((column) => database.expressionOf(column)).join();
      tables[name] = await session.query(`SELECT ${named} FROM ${database.tableOf(name)} ORDER BY ${key.join()}`);
    }
    return tables;
  });
}

/** The ids that the next rule and the next event get. */
async function newIds(store: MetadataStore): Promise<readonly unknown[]> {
  const { id } = await store.policy.createRule({ ...change, rule: rule() });
  return [id, (await store.audit.list({ limit: 1 }))[0]?.id];
}

/** Nothing that is counted differs from what it counts. */
async function expectCounted(store: MetadataStore): Promise<void> {
  for (const { kept, counted, ...figure } of await store.inspection.compareTotals())
    expect({ ...figure, kept }).toEqual({ ...figure, kept: counted });
  for (const { kept, counted, ...figure } of await store.inspection.compareReferenceCounts({ limit: 100 }))
    expect({ ...figure, kept }).toEqual({ ...figure, kept: counted });
  for (const { name, kept, counted } of await store.inspection.compareRepositories({ limit: 100 }))
    expect({ name, kept }).toEqual({ name, kept: counted });
}

withPostgres('moving rows', () => {
  test.each(directions)(
    'from %s to %s keeps all of them, counts what is counted, and gives no id again',
    async (from, to) => {
      await using source = await makePlace(from);
      await using target = await makePlace(to);
      const before = await source.store();
      await fill(before);
      const sums = await move(source, target);
      expect(sums.map(({ table }) => table)).toEqual(movedTables.map(({ name }) => name));
      expect(sums.find(({ table }) => table === 'audit_log')?.rows).toBeGreaterThan(1_000);
      const after = await target.store();
      await expectCounted(after);
      const { uploads: _, ...statistics } = await before.statistics();
      expect(await after.statistics()).toEqual({ ...statistics, uploads: 0 });
      expect(await after.coordination.blobStoreId()).toBe(storeId);
      expect(await after.coordination.versions()).toEqual(await before.coordination.versions());
      expect(await after.audit.activity({ sinceDay: 0 })).toEqual(await before.audit.activity({ sinceDay: 0 }));
      const summary = storable(await before.repositories.getSummary(app));
      expect(storable(await after.repositories.getSummary(app))).toBe(summary);
      const period = { since: start, until: start + 86_400_000, limit: 50 };
      expect((await after.audit.list(period)).length).toBe((await before.audit.list(period)).length);
      expect(await newIds(after)).toEqual(await newIds(before));
    },
  );

  test('there and back gives the rows of before', async () => {
    await using first = await makePlace('sqlite');
    await using second = await makePlace('postgres');
    await using third = await makePlace('sqlite');
    await fill(await first.store());
    await move(first, second);
    await move(second, third);
    const [before, after] = [await rowsOf(first), await rowsOf(third)].map(({ blobs, ...tables }) => ({
      ...tables,
      blobs: blobs?.map(({ locator: _locator, ...row }) => row),
    }));
    expect(JSON.parse(storable(after))).toEqual(JSON.parse(storable(before)));
  });

  test('there and back is the same after any sequence of operations', { timeout: 120_000 }, async () => {
    const scenario = fc.asyncProperty(fc.array(anyAction, { minLength: 10, maxLength: 40 }), async (actions) => {
      await using first = await makePlace('sqlite');
      await using second = await makePlace('postgres');
      await using third = await makePlace('sqlite');
      const store = await first.store();
      for (const action of actions) await perform(store, action, start, new Map());
      const sums = await move(first, second);
      expect(await move(second, third)).toEqual(sums);
      await expectCounted(await second.store());
      await expectCounted(await third.store());
    });
    await fc.assert(scenario, { numRuns: 2, endOnFailure: true });
  });

  test.each(dialects)('goes on in %s after it was broken off at any statement', async (dialect) => {
    await using source = await makePlace('sqlite');
    await using target = await makePlace(dialect);
    await fill(await source.store());
    let [statements, wasKilled] = [3, true];
    const sums: TableSum[] = [];
    for (; wasKilled; statements *= 4) {
      const database = await target.open();
      const failing = breakingOff(database, statements);
      const from = await source.open(true);
      await beginMove(database, begun);
      await moveBytes(from, database);
      wasKilled = await copyTables({ source: from, target: failing, storeId, newLocators: true }).then(
        (copied) => sums.push(...copied) === 0,
        () => true,
      );
      if (!wasKilled) await endMove(database);
      else await expect(target.store()).rejects.toThrow('unfinished migration');
    }
    expect(statements).toBeGreaterThan(48);
    await (await target.store()).inspection.recountTotals();
    await expectCounted(await target.store());
    await using other = await makePlace('sqlite');
    expect(await move(source, other)).toEqual(sums);
  });

  describe('is rejected', () => {
    test.each(dialects)('into a database in %s that has rows', async (dialect) => {
      await using target = await makePlace(dialect);
      await (await target.store()).policy.createRule({ ...change, rule: rule() });
      await expect(beginMove(await target.open(), begun)).rejects.toThrow('not empty: there are rows in policy_rules');
    });

    test('into the unfinished target of another registry', async () => {
      await using target = await makePlace('sqlite');
      await beginMove(await target.open(), begun);
      await expect(beginMove(await target.open(), { ...begun, source: 'two' })).rejects.toThrow('of another registry');
      expect(await beginMove(await target.open(), { ...begun, target: 'later' })).toBe(storeId);
    });

    test('without the bytes of every blob that is not damaged', async () => {
      await using source = await makePlace('sqlite');
      await using target = await makePlace('sqlite');
      await fill(await source.store());
      const [from, to] = [await source.open(true), await target.open()];
      await beginMove(to, begun);
      const copying = copyTables({ source: from, target: to, storeId, newLocators: true });
      await expect(copying).rejects.toThrow('bytes are not in the target');
    });

    test.each(dialects)('from %s while a server still writes', async (dialect) => {
      await using source = await makePlace(dialect);
      await using target = await makePlace('sqlite');
      const store = await source.store();
      await fill(store);
      let written = false;
      const onTable = async (): Promise<void> => {
        if (!written) await store.audit.append([{ type: 'login', at: start, actor: {}, details: {} }]);
        written = true;
      };
      await expect(move(source, target, { onTable })).rejects.toThrow('audit_log has other rows now than before');
    });

    test('with a row that the target has otherwise', async () => {
      await using source = await makePlace('sqlite');
      await using target = await makePlace('sqlite');
      await fill(await source.store());
      const to = await target.open();
      const lying: MovingDatabase = {
        ...to,
        insert: (session, table, columns, rows) =>
          to.insert(session, table, columns, table === 'accounts' ? rows.map((row) => ({ ...row, enabled: 0 })) : rows),
      };
      await beginMove(to, begun);
      await moveBytes(await source.open(true), to);
      const copying = copyTables({ source: await source.open(true), target: lying, storeId, newLocators: true });
      await expect(copying).rejects.toThrow('accounts has other rows in the target');
    });
  });

  test('knows blobs that the source has lost since they were moved', async () => {
    await using source = await makePlace('sqlite');
    await using target = await makePlace('sqlite');
    await fill(await source.store());
    const [from, to] = [await source.open(true), await target.open()];
    await beginMove(to, begun);
    await moveBytes(from, to);
    await recordMoved(to, { digest: 'sha256:gone', size: 3, locator: 'spare' });
    await copyTables({ source: from, target: to, storeId, newLocators: true });
    expect(await listSpare(to)).toEqual([{ digest: 'sha256:gone', size: 3, locator: 'spare' }]);
  });

  test('knows which columns have JSON', async () => {
    await using place = await makePlace('postgres');
    const columns = await (await place.open()).columns();
    for (const { name, json = [] } of movedTables) {
      const found = columns.get(name)?.filter(({ kind }) => kind.startsWith('json'));
      expect({ name, json: found?.map((column) => column.name) }).toEqual({ name, json });
    }
  });

  test.each(dialects)('has a place for every table of %s: list a new one in moving/tables.ts', async (dialect) => {
    await using place = await makePlace(dialect);
    const known = [...movedTables.map(({ name }) => name), ...leftTables, ...countedTables, 'schema_migrations'];
    for (const name of (await (await place.open()).columns()).keys()) expect(known).toContain(name);
  });
});

/** PostgreSQL has no character 0, nothing that is not well-formed, and the keys of JSON in an order of its own. */
function storable(value: unknown): string {
  const parsed = (_: string, it: unknown): unknown =>
    typeof it === 'string' && it.startsWith('{')
      ? Object.entries(JSON.parse(it) as object).toSorted(([a], [b]) => a.localeCompare(b))
      : it;
  return JSON.stringify(value, parsed)
    .replaceAll(/\\+u0000/g, '\ufffd')
    .replaceAll(/\\+ud800/g, '\ufffd');
}

/** A target that fails after so many statements, as if its process had been killed: its transaction is taken back. */
function breakingOff(database: MovingDatabase, statements: number): MovingDatabase {
  let left = statements;
  const count = (): void => {
    left -= 1;
    if (left < 0) throw new Error('killed');
  };
  return {
    ...database,
    write: (work) =>
      database.write((session) =>
        work({
          query: async (text, values) => {
            count();
            return await session.query(text, values);
          },
        }),
      ),
    insert: async (...input) => {
      count();
      await database.insert(...input);
    },
  };
}
