import { expect, test } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { Connection } from './connection/connection.ts';
import { openConnection } from './connection/open-connection.ts';
import { remember } from './connection/remember.ts';
import { SqliteFacet, unsynced } from './facet.ts';

const directory = useTemporaryDirectory();

const addRow = ({ sqlite, writeTogether }: Connection) => {
  const insert = sqlite.prepare("INSERT INTO words VALUES ('word')");
  return () => writeTogether(() => insert.run().changes);
};

class Words extends SqliteFacet {
  readonly add = this.operation(addRow);
  readonly addUnsynced = this.operation(unsynced((connection: Connection) => addRow(connection)));
}

test('an operation waits until its commit is durable, unless it is unsynced', async () => {
  const connection = openConnection({ path: directory.file('words.db') });
  connection.write(() => connection.sqlite.exec('CREATE TABLE words (word TEXT)'));
  let waits = 0;
  const durable = () => {
    waits += 1;
    return connection.log.durable();
  };
  const log = {
    durable,
    get commits() {
      return connection.log.commits;
    },
  };
  const words = new Words({ ...connection, log });
  expect(await words.addUnsynced()).toBe(1);
  expect([connection.log.commits, waits]).toEqual([2, 0]);
  expect(await words.add()).toBe(1);
  expect([connection.log.commits, waits]).toEqual([3, 1]);
  await connection.close();
});

class Counts extends SqliteFacet {
  readonly count = this.operation((connection: Connection) => {
    const statement = connection.sqlite.prepare<[], number>('SELECT count(*) FROM words').pluck();
    return remember(connection, { keyOf: () => '' }, () => statement.get()!);
  });
}

test('what a read remembers is had without what writes need, until something changes', async () => {
  const connection = openConnection({ path: directory.file('words.db') });
  connection.write(() => connection.sqlite.exec('CREATE TABLE words (word TEXT)'));
  let calls = 0;
  const callOnce: Connection['callOnce'] = (input, call) => {
    calls += 1;
    return connection.callOnce(input, call);
  };
  const words = new Words(connection);
  const counts = new Counts({ ...connection, callOnce });
  const read = async () => [await counts.count(), calls];
  expect([await read(), await read()]).toEqual([
    [0, 1],
    [0, 1],
  ]);
  await words.add();
  expect([await read(), await read()]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  await connection.close();
  await expect(counts.count()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
