import { describe, expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import type { Connection } from './connection.ts';
import { openConnection } from './open-connection.ts';
import { remember } from './remember.ts';

const directory = useTemporaryDirectory();

function open(): Connection {
  const connection = openConnection({ path: directory.file('some.db') });
  connection.sqlite.exec('CREATE TABLE IF NOT EXISTS words (word TEXT)');
  return connection;
}

/** A remembered count of the words that begin with something, and how often the database was asked. */
function counting(connection: Connection) {
  const statement = connection.sqlite.prepare('SELECT count(*) FROM words WHERE word GLOB ?').pluck();
  const asked: string[] = [];
  const count = remember(connection, { keyOf: (start: string) => start, isKept: (n) => n < 3 }, (start: string) => {
    asked.push(start);
    return statement.get(`${start}*`) as number;
  });
  const add = (word: string): void => void connection.sqlite.prepare('INSERT INTO words VALUES (?)').run(word);
  return { count, asked, add };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a remembered read', () => {
  test('asks the database once for each input, as long as nothing changes', async () => {
    const { count, asked } = counting(open());
    for (let i = 0; i < 3; i += 1) {
      expect([count('a'), count('b')]).toEqual([0, 0]);
      await nextTurn();
    }
    expect(asked).toEqual(['a', 'b']);
  });

  test('sees a change of its own connection at once', () => {
    const connection = open();
    const { count, add } = counting(connection);
    expect(count('a')).toBe(0);
    connection.write(() => add('apple'));
    expect(count('a')).toBe(1);
  });

  test('sees a change of another connection in the next turn of the event loop', async () => {
    const { count } = counting(open());
    const other = open();
    expect(count('a')).toBe(0);
    other.write(() => counting(other).add('apple'));
    await nextTurn();
    expect(count('a')).toBe(1);
  });

  test('sees a change of which this process knows nothing in the next turn of the event loop', async () => {
    const { count } = counting(open());
    expect(count('a')).toBe(0);
    counting(open()).add('apple');
    await nextTurn();
    expect(count('a')).toBe(1);
  });

  test('is not asked again after a write to what no read remembers', async () => {
    const connection = open();
    const { count, asked, add } = counting(connection);
    count('a');
    connection.writeUnremembered(() => add('apple'));
    await nextTurn();
    count('a');
    expect(asked).toEqual(['a']);
  });

  test('keeps nothing of a transaction that is rolled back', () => {
    const connection = open();
    const { count, add } = counting(connection);
    const failed = (): void =>
      connection.write(() => {
        add('apple');
        expect(count('a')).toBe(1);
        throw new Error('no');
      });
    expect(failed).toThrow('no');
    expect(count('a')).toBe(0);
  });

  test('keeps no result that is not worth it', () => {
    const connection = open();
    const { count, asked, add } = counting(connection);
    connection.write(() => ['apple', 'ape', 'ant'].forEach(add));
    expect([count('a'), count('a')]).toEqual([3, 3]);
    expect(asked).toEqual(['a', 'a']);
  });

  test('keeps no error', () => {
    let fails = true;
    const read = remember(open(), { keyOf: () => '' }, () => {
      if (fails) throw new Error('not now');
      return 1;
    });
    expect(read).toThrow('not now');
    fails = false;
    expect(read()).toBe(1);
  });

  test('forgets what was used least recently before it remembers too much, and nothing else', () => {
    const { count, asked } = counting(open());
    for (let i = 0; i < 1_000; i += 1) count(`a${i}`);
    count('a0');
    count('one more');
    count('a0');
    expect(asked).toHaveLength(1_001);
    count('a1');
    expect(asked).toHaveLength(1_002);
  });

  test('remembers as many results as fit into 16 MiB where they say how large they are', () => {
    const asked: string[] = [];
    const half = 8 * 1024 * 1024;
    const read = remember(open(), { keyOf: (name: string) => name, sizeOf: (size) => size }, (name: string) => {
      asked.push(name);
      return name === 'large' ? half : 1_024;
    });
    read('large');
    for (let i = 0; i < half / 1_024; i += 1) read(`small ${i}`);
    read('large');
    expect(asked).toHaveLength(1 + half / 1_024);
    read('one more');
    read('small 0');
    expect(asked).toHaveLength(3 + half / 1_024);
  });
});
