import { expect, test } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { Connection } from './connection/connection.ts';
import { openConnection } from './connection/open-connection.ts';
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
