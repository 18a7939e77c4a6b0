import { readdirSync, readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { GroupCommit } from './group-commit.ts';
import { openConnection } from './open-connection.ts';

const directory = useTemporaryDirectory();

/** A table of words, and the statements that frame its transactions. */
function open() {
  const statements: string[] = [];
  const onStatement = (statement: string) => statements.push(statement.split(' ')[0] ?? '');
  const connection = openConnection({ path: directory.file('some.db'), onStatement });
  connection.sqlite.exec('CREATE TABLE words (word TEXT UNIQUE)');
  const insert = connection.sqlite.prepare('INSERT INTO words VALUES (?)');
  const all = connection.sqlite.prepare('SELECT word FROM words ORDER BY word').pluck();
  return {
    connection,
    commits: () => statements.filter((statement) => statement === 'COMMIT').length,
    add: (word: string) => connection.writeTogether(() => insert.run(word).lastInsertRowid),
    words: () => all.all(),
  };
}

describe('writing together', () => {
  test('commits once what is written in one turn, and gives each its own result', async () => {
    const { add, words, commits } = open();
    expect(await Promise.all(['a', 'b', 'c'].map(add))).toEqual([1, 2, 3]);
    expect(words()).toEqual(['a', 'b', 'c']);
    expect(commits()).toBe(1);
  });

  test('begins another transaction once what was written has taken its time', async () => {
    const { connection, add, words, commits } = open();
    const slow = ['a', 'b', 'c'].map((word) => connection.writeTogether(() => slowly(word)));
    const slowly = (word: string): void => {
      const begun = process.threadCpuUsage();
      while (process.threadCpuUsage(begun).user < 30_000);
      connection.sqlite.prepare('INSERT INTO words VALUES (?)').run(word);
    };
    await Promise.all([...slow, add('d')]);
    expect(words()).toEqual(['a', 'b', 'c', 'd']);
    expect(commits()).toBe(4);
  });

  test('rejects what fails, of which nothing remains, and commits the rest', async () => {
    const { add, words, connection } = open();
    const broken = connection.writeTogether(() => {
      connection.sqlite.prepare("INSERT INTO words VALUES ('half')").run();
      throw new Error('no');
    });
    const outcomes = await Promise.allSettled([add('a'), broken, add('a'), add('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(words()).toEqual(['a', 'b']);
  });

  test('keeps what savepoints would restore in memory, and nothing else that is temporary', async () => {
    const { connection } = open();
    const { sqlite } = connection;
    sqlite.exec(`INSERT INTO words SELECT printf('%0200d', value) FROM (WITH RECURSIVE numbers (value) AS
      (VALUES (1) UNION ALL SELECT value + 1 FROM numbers LIMIT 2000) SELECT value FROM numbers)`);
    const before = temporaryFiles();
    const change = (letter: string) => () => {
      const { changes } = sqlite.prepare('UPDATE words SET word = ? || word').run(letter);
      return { changes, files: temporaryFiles() - before };
    };
    const writes = ['a', 'b'].map((letter) => connection.writeTogether(change(letter)));
    expect(await Promise.all(writes)).toEqual([1, 2].map(() => ({ changes: 2_000, files: 0 })));
    expect(sqlite.pragma('temp_store', { simple: true })).toBe(0);
  });

  test('rejects a single write that fails, of which nothing remains', async () => {
    const { words, connection } = open();
    const broken = connection.writeTogether(() => {
      connection.sqlite.prepare("INSERT INTO words VALUES ('half')").run();
      throw new Error('no');
    });
    await expect(broken).rejects.toThrow('no');
    expect(words()).toEqual([]);
  });

  test('resolves no write before the commit, and rejects all when that fails', async () => {
    const { add, words, connection } = open();
    connection.sqlite.exec(`CREATE TABLE parents (id INTEGER PRIMARY KEY);
      CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)`);
    const orphan = () => connection.sqlite.prepare('INSERT INTO children VALUES (1)').run();
    const outcomes = await Promise.allSettled([add('a'), connection.writeTogether(orphan), add('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(words()).toEqual([]);
  });

  test('rejects all when SQLite ends the transaction, and writes nothing outside of one', async () => {
    const { add, words, connection } = open();
    const full = connection.writeTogether(() => {
      connection.sqlite.exec('ROLLBACK');
      throw new Error('database or disk is full');
    });
    const outcomes = await Promise.allSettled([add('a'), full, add('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(words()).toEqual([]);
  });

  test('waits while a sync is under way, and at its end commits once what came meanwhile', async () => {
    const at = { isSyncing: true, commits: 0 };
    const write = (work: () => void) => {
      work();
      at.commits += 1;
    };
    const group = new GroupCommit({
      write,
      writeInParts: write,
      savepoint: (work) => work(),
      isOpen: () => true,
      isSyncing: () => at.isSyncing,
    });
    const first = group.add(() => 'a');
    await setImmediate();
    const second = group.add(() => 'b');
    await setImmediate();
    expect(at.commits).toBe(0);
    at.isSyncing = false;
    group.flush();
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
    expect(await group.add(() => 'c')).toBe('c');
    expect(at.commits).toBe(2);
  });

  test('makes several transactions of very many writes, in their order', async () => {
    const { add, commits } = open();
    const names = Array.from({ length: 150 }, (_, at) => `word ${at}`);
    expect(await Promise.all(names.map(add))).toEqual(names.map((_, at) => at + 1));
    expect(commits()).toBe(3);
  });
});

/** Files without a name that the process has open. */
function temporaryFiles(): number {
  const pathOf = (fd: string): string => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // It was that of reading the directory.
      return '';
    }
  };
  return readdirSync('/proc/self/fd').filter((fd) => pathOf(fd).endsWith('(deleted)')).length;
}
