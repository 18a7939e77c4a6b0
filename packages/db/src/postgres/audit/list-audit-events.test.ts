import { requirePostgres, sharedPostgres } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { start } from '../../testing/fixtures.ts';
import { openConnection } from '../connection/connection.ts';
import { openStoreAndSession } from '../testing/store-and-session.ts';
import { listAuditEvents } from './list-audit-events.ts';

const event = (name: string) => ({ type: 'login', at: start, actor: { name }, details: {} }) as const;
const recording = (name: string) => [`SELECT record_events($1)`, [JSON.stringify([event(name)])]] as const;

describe.skipIf(!requirePostgres(15))('the audit log', () => {
  beforeAll(() => sharedPostgres(15), 120_000);

  test('waits for an event whose id is taken already, which a list by id would leave out', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    await store.audit.append([event('first')]);
    await run('BEGIN');
    await run(...recording('slow'));
    await store.audit.append([event('fast')]);
    const listing = store.audit.list({ limit: 10 });
    const isWaiting = () => run("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
    await expect.poll(isWaiting, { interval: 10, timeout: 10_000 }).toHaveLength(1);
    await run('COMMIT');
    expect((await listing).map(({ actor }) => actor.name)).toEqual(['fast', 'slow', 'first']);
  });

  test('leaves to the next list what is recorded while a first page is read', async () => {
    await using both = await openStoreAndSession();
    const { store, run, url } = both;
    await store.audit.append([event('first')]);
    const connection = await openConnection({ url });
    let statements = 0;
    const list = listAuditEvents({
      ...connection,
      async query(text, values) {
        statements += 1;
        // Between what the list waits for and what it reads.
        if (statements === 2) {
          await run('BEGIN');
          await run(...recording('slow'));
          await store.audit.append([event('fast')]);
        }
        return await connection.query(text, values);
      },
    });
    const names = async (page: ReturnType<typeof list>) => (await page).map(({ actor }) => actor.name);
    expect(await names(list({ limit: 10 }))).toEqual(['first']);
    await run('COMMIT');
    expect(await names(list({ limit: 10 }))).toEqual(['fast', 'slow', 'first']);
    await connection.close();
  });

  test('waits only for a moment for a transaction that hangs, and then others write on', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    await store.audit.append([event('first')]);
    await run('BEGIN');
    await run(...recording('hangs'));
    await store.audit.append([event('one')]);
    const listed = await store.audit.list({ limit: 10 });
    expect(listed.map(({ actor }) => actor.name)).toEqual(['one', 'first']);
    await store.audit.append([event('two')]);
    await run('ROLLBACK');
  });
});
