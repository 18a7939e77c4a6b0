import { setTimeout as sleep } from 'node:timers/promises';
import { RegistryError } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import { type CheckpointResult, CheckpointThread } from './checkpoint-thread.ts';
import { isDiskFailure, translateError } from './errors.ts';
import type { SyncGate } from './sync-gate.ts';
import { distrustCheckpoints } from './wal-index.ts';

/** Pages in the log, of 4 KiB each, from which on they are copied into the database. */
const checkpointFrom = 1_000;
/** Pages from which on writers are stopped for it, since a log that grows meanwhile is never empty. */
const stopWritersFrom = 4_000;
/** Milliseconds until the next attempt when a reader kept one from copying everything. */
const pauseWhenHeld = 1_000;
/** Pages in a log that a reader keeps, 64 MiB, from which on an operator should know. */
const reportFrom = 16_384;

const heldMessage =
  'The log of the database grows, since a program holds on to an old state of it: a long snapshot, or a reader of another kind';

/** What a database needs to empty its log. */
export interface CheckpointParts {
  readonly sqlite: Sqlite.Database;
  readonly gate: SyncGate;
  readonly isInPlace: () => boolean;
  /** Called when the log cannot be emptied, once until it can. */
  readonly onWarning: (warning: Error) => void;
}

/**
 * Moves what is durable in the log into the database, so that the log does not grow. SQLite would do so within a commit,
 * and keep to itself when the disk fails at that: it would take pages for written that are lost, and overwrite the log.
 * Here a disk that fails stops all writes, like one that fails to sync the log.
 */
export class Checkpoints {
  readonly #parts: CheckpointParts;
  readonly #look: Sqlite.Statement<[], CheckpointResult>;
  readonly #copy: Sqlite.Statement<[], CheckpointResult>;
  readonly #closing = new AbortController();
  #thread: CheckpointThread | undefined;
  #isThreadless = false;
  #underWay: Promise<void> | undefined;
  #isReported = false;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#look = parts.sqlite.prepare('PRAGMA wal_checkpoint(NOOP)');
    this.#copy = parts.sqlite.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    parts.gate.suspectWhen(() => this.#thread?.hasFailed === true);
  }

  /** Begins a checkpoint when the log is long enough for one, and none is under way, nor a pause after one. Returns at once. */
  consider(): void {
    if (this.#underWay !== undefined || this.isStopped || this.#parts.gate.hasFailed) return;
    const pages = this.#pagesInLog();
    if (pages.log - pages.checkpointed < checkpointFrom || !this.#parts.isInPlace()) return;
    this.#underWay = this.#checkpoint(pages.log >= stopWritersFrom).finally(() => {
      this.#underWay = undefined;
      this.consider();
    });
  }

  /** Whether {@link stop} has been called. */
  get isStopped(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Ends what is under way; none begins any more. */
  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#underWay;
    await this.#thread?.stop();
  }

  /**
   * The last one, right before the connection closes: SQLite itself does another then, which has nothing left to do.
   * Throws `UNAVAILABLE` when the disk fails.
   */
  last(): void {
    const { gate, isInPlace } = this.#parts;
    if (!isInPlace()) return;
    try {
      gate.run(() => this.#copy.get(), isDiskFailure);
    } catch (error) {
      if (gate.hasFailed) throw this.#distrust(error);
      // There is no room, or another process is at it. Everything is in the log, where the next start finds it.
    }
  }

  #pagesInLog(): Pick<CheckpointResult, 'log' | 'checkpointed'> {
    try {
      return this.#look.get()!;
    } catch (error) {
      this.#report(error);
      return { log: 0, checkpointed: 0 };
    }
  }

  async #checkpoint(stopWriters: boolean): Promise<void> {
    const { gate } = this.#parts;
    try {
      const { busy, log, checkpointed } = await gate.runBeside(() => this.#beside(stopWriters), isDiskFailure);
      if (busy === 0 && checkpointed === log) {
        this.#isReported = false;
        return;
      }
      if (checkpointed < log && log >= reportFrom) this.#report(new RegistryError('UNAVAILABLE', heldMessage));
    } catch (error) {
      if (gate.hasFailed) return void this.#distrust(error);
      this.#report(error);
    }
    await sleep(pauseWhenHeld, undefined, { ref: false, signal: this.#closing.signal }).catch(() => {});
  }

  async #beside(stopWriters: boolean): Promise<CheckpointResult> {
    if (this.#isThreadless) return this.#copy.get()!;
    try {
      this.#thread ??= new CheckpointThread(this.#parts.sqlite.name);
      return await this.#thread.run(stopWriters);
    } catch (cause) {
      if (cause instanceof Sqlite.SqliteError) throw cause;
      this.#isThreadless = true;
      this.#parts.onWarning(
        new Error('Checkpoints hold up requests, since they have no thread of their own', { cause }),
      );
      return this.#copy.get()!;
    }
  }

  #distrust(error: unknown): unknown {
    distrustCheckpoints(this.#parts.sqlite.name);
    return error;
  }

  #report(warning: unknown): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.#parts.onWarning(translateError(warning));
  }
}
