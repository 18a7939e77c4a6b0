import { type Clock, systemClock } from '@mcr/core';
import type Sqlite from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { Changes } from './changes.ts';
import { Checkpoints } from './checkpoints.ts';
import { CommitLog } from './commit-log.ts';
import { Generation } from './generation.ts';
import { GroupCommit } from './group-commit.ts';
import { outOfPlace, rememberPlace } from './in-place.ts';
import { withJournalsInMemory } from './savepoint-journals.ts';
import { SyncGate } from './sync-gate.ts';
import { keepLog } from './wal-index.ts';

/**
 * One open database file. All statements go through it one after the other; none waits inside a transaction. What is
 * written can be read at once, and is durable once its operation has waited for that, see {@link CommitLog}.
 */
export interface Connection {
  readonly path: string;
  readonly sqlite: Sqlite.Database;
  readonly db: BetterSQLite3Database;
  /** The time for what processes agree on, in milliseconds since the epoch: that of the machine, which they share. */
  readonly now: () => number;
  /**
   * Runs `work` in a transaction that takes the write lock at once: all of it happens, or nothing. Throws `UNAVAILABLE`
   * when the database file is not where it was opened.
   */
  readonly write: <Result>(work: () => Result) => Result;
  /**
   * The same in one transaction with what others write in this turn of the event loop, and while a sync of the log is under
   * way; resolves after the commit.
   */
  readonly writeTogether: <Result>(work: () => Result) => Promise<Result>;
  /**
   * `write` for tables that no remembered read looks at, so that nothing is forgotten. Remembered are manifests, by the
   * names of repositories, tags and digests, what repositories have for themselves, and versions; a new repository is
   * none of them, since errors are not.
   */
  readonly writeUnremembered: <Result>(work: () => Result) => Result;
  /** `writeTogether` for the same tables as `writeUnremembered`. */
  readonly writeTogetherUnremembered: <Result>(work: () => Result) => Promise<Result>;
  /** Runs reads that all see the same moment. */
  readonly read: <Result>(work: () => Result) => Result;
  /** Runs a part of a transaction that may fail without taking the rest with it. */
  readonly savepoint: <Result>(work: () => Result) => Result;
  /** Calls an operation, whose writes are made once if its input is a change with an id, see {@link Changes}. */
  readonly callOnce: Changes['during'];
  /** How many commits there were, and the wait for all of them to be durable. */
  readonly log: Pick<CommitLog, 'commits' | 'durable'>;
  /**
   * Closes the database once what was committed is durable. Does nothing when it is closed. Rejects with `UNAVAILABLE`
   * when the disk fails at the last checkpoint; everything is in the log then.
   */
  readonly close: () => Promise<void>;
  /** Whether closing the database has not begun. */
  readonly isOpen: () => boolean;
  /** Whether the database file is where it was opened. */
  readonly isInPlace: () => boolean;
  /** See {@link Generation}. */
  readonly generation: () => number;
  /** Throws when the database file is not where it was opened, or was found to be damaged. */
  readonly assertSound: () => void;
  /** Remembers damage that an operation met; nothing but a restart makes the database sound again. */
  readonly noteDamage: (damage: Error) => void;
}

/** What a connection needs beside its file. */
export interface ConnectionOptions {
  /** Clock of the store (default: the clock of the machine). */
  readonly clock?: Clock;
  /** Called once, when an fsync fails and the store stops taking writes: the process should end and start anew. */
  readonly onFatal?: (error: Error) => void;
  /** Called when the log of the database cannot be emptied, or not as it should be; once for each time. */
  readonly onWarning?: (warning: Error) => void;
}

/** Wraps an open database, whose name is the path of the file itself and of no link to it. */
export function connectionOf(sqlite: Sqlite.Database, options: ConnectionOptions = {}): Connection {
  const { onFatal = () => {}, onWarning = () => {}, clock = systemClock } = options;
  // A transaction that begins DEFERRED and writes later fails at once when another process wrote in between.
  const transaction = sqlite.transaction((work: () => unknown) => work());
  const isInPlace = rememberPlace(sqlite.name);
  const gate = new SyncGate(onFatal);
  // SQLite makes the log when it first looks for something in it.
  sqlite.exec('SELECT 1 FROM sqlite_schema');
  const checkpoints = new Checkpoints({ sqlite, gate, isInPlace, onWarning });
  const log = new CommitLog(`${sqlite.name}-wal`, gate, {
    onDurable: () => checkpoints.consider(),
    onIdle: () => group.flush(),
  });
  const generation = new Generation(sqlite);
  const changes = new Changes(sqlite, () => clock.now());
  let damage: Error | undefined;
  const write = <Result>(work: () => Result): Result => {
    const written = gate.run(() =>
      transaction.immediate(() => {
        const result = work();
        // SQLite would go on with a file that has no name any more, and its changes would go with the process. At
        // the end, so that little time is left for the file to go before the commit.
        if (!isInPlace()) throw outOfPlace();
        return result;
      }),
    );
    log.note();
    return written as Result;
  };
  // Nothing is remembered within a transaction, so what is forgotten at its beginning is not there at its end.
  const forgetting =
    <Result>(work: () => Result) =>
    (): Result => {
      generation.note();
      return work();
    };
  const savepoint = <Result>(work: () => Result): Result => transaction(work) as Result;
  const closeDatabase = (): void => {
    try {
      if (!gate.hasFailed) checkpoints.last();
    } finally {
      if (gate.hasFailed) keepLog(sqlite.name);
      sqlite.close();
    }
  };
  const close = async (): Promise<void> => {
    await checkpoints.stop();
    await log.close(closeDatabase);
  };
  const group = new GroupCommit({
    write,
    writeInParts: (work) => withJournalsInMemory(sqlite, () => write(work)),
    savepoint,
    isOpen: () => sqlite.inTransaction,
    isSyncing: () => log.isSyncing,
  });
  return {
    path: sqlite.name,
    sqlite,
    db: drizzle({ client: sqlite }),
    now: () => clock.now(),
    write: (work) => write(forgetting(changes.once(work))),
    writeTogether: (work) => group.add(forgetting(changes.once(work))),
    writeUnremembered: (work) => write(changes.once(work)),
    writeTogetherUnremembered: (work) => group.add(changes.once(work)),
    read: <Result>(work: () => Result) => transaction(work) as Result,
    savepoint,
    callOnce: (input, call) => changes.during(input, call),
    generation: () => generation.current(),
    log,
    close,
    isOpen: () => sqlite.open && !checkpoints.isStopped,
    isInPlace,
    assertSound() {
      if (!isInPlace()) throw outOfPlace();
      if (damage !== undefined) throw damage;
    },
    noteDamage(error) {
      damage ??= error;
    },
  };
}
