import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { CommitLog } from './commit-log.ts';
import { openConnection } from './open-connection.ts';
import { SyncGate } from './sync-gate.ts';

const directory = useTemporaryDirectory();

/** A log whose syncs end on demand. */
function controlled(onIdle?: () => void) {
  const fatal: Error[] = [];
  const syncs: PromiseWithResolvers<void>[] = [];
  const gate = new SyncGate((error) => fatal.push(error));
  const sync = gate.sync.bind(gate);
  gate.sync = () => {
    const next = Promise.withResolvers<void>();
    syncs.push(next);
    return sync(() => next.promise);
  };
  const path = directory.file('some.db-wal');
  writeFileSync(path, '');
  return { log: new CommitLog(path, gate, { ...(onIdle && { onIdle }) }), gate, syncs, fatal };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether a promise is settled by now. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  await settle();
  return (await Promise.race([promise, Promise.resolve('not yet')])) !== 'not yet';
}

test('a commit is durable when a sync that began after it has ended', async () => {
  const { log, syncs } = controlled();
  log.note();
  const first = log.durable();
  await settle();
  log.note();
  const second = log.durable();
  syncs[0]!.resolve();
  expect(await isOver(first)).toBe(true);
  expect(await isOver(second)).toBe(false);
  syncs[1]!.resolve();
  await second;
});

test('one sync serves all that was committed before it began', async () => {
  const { log, syncs } = controlled();
  for (let commit = 0; commit < 3; commit += 1) log.note();
  const waiting = [log.durable(), log.durable(), log.durable()];
  await settle();
  syncs[0]!.resolve();
  await Promise.all(waiting);
  await log.durable();
  expect(syncs).toHaveLength(1);
});

test('the end of a sync is said before the next one begins, which has what is committed then', async () => {
  const { log, syncs } = controlled(() => log.note());
  log.note();
  const first = log.durable();
  await settle();
  log.note();
  const second = log.durable();
  expect(log.isSyncing).toBe(true);
  syncs[0]!.resolve();
  await first;
  await settle();
  syncs[1]!.reject(new Error('EIO'));
  await expect(second).rejects.toThrow('durable');
  expect([log.commits, log.isSyncing, syncs.length]).toEqual([4, false, 2]);
});

test('nothing that was committed is called durable after a sync that failed, nor anything written', async () => {
  const { log, gate, syncs, fatal } = controlled();
  log.note();
  const waiting = [log.durable(), log.durable()];
  const outcomes = Promise.allSettled(waiting);
  await settle();
  syncs[0]!.reject(new Error('EIO'));
  const [first, second] = await outcomes;
  expect(first).toEqual({ status: 'rejected', reason: fatal[0] });
  expect(second).toEqual(first);
  expect(fatal).toEqual([expect.objectContaining({ code: 'UNAVAILABLE' })]);
  await expect(log.durable()).rejects.toThrow('durable');
  expect(() => gate.run(() => 'written')).toThrow('durable');
  expect(fatal).toHaveLength(1);
});

test('is closed, once, when everything is durable', async () => {
  const { log, syncs } = controlled();
  let closed = 0;
  log.note();
  const closing = log.close(() => void (closed += 1));
  await settle();
  log.note();
  syncs[0]!.resolve();
  await settle();
  expect(closed).toBe(0);
  syncs[1]!.resolve();
  await closing;
  await log.close(() => void (closed += 1));
  expect(closed).toBe(1);
});

test('is closed when the disk has failed', async () => {
  const { log, syncs } = controlled();
  let closed = 0;
  log.note();
  const closing = log.close(() => void (closed += 1));
  await settle();
  syncs[0]!.reject(new Error('EIO'));
  await closing;
  expect(closed).toBe(1);
});

test('a connection counts what it commits, and nothing that it takes back', async () => {
  const connection = openConnection({ path: directory.file('mcr.db') });
  connection.write(() => connection.sqlite.exec('CREATE TABLE words (word TEXT UNIQUE)'));
  const insert = () => connection.sqlite.prepare("INSERT INTO words VALUES ('once')").run();
  await connection.writeTogether(insert);
  expect(() => connection.write(insert)).toThrow('UNIQUE');
  connection.read(() => connection.sqlite.prepare('SELECT * FROM words').all());
  expect(connection.log.commits).toBe(2);
  await connection.close();
  expect(connection.sqlite.open).toBe(false);
});
