import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { diskFailure } from './errors.ts';

/** What `PRAGMA wal_checkpoint` says (sqlite.org/pragma.html#pragma_wal_checkpoint): all but `busy` counted in pages. */
export interface CheckpointResult {
  /** 1 when another connection kept it from ending. */
  readonly busy: number;
  /** How many pages the log has. */
  readonly log: number;
  /** How many of them are in the database. */
  readonly checkpointed: number;
}

/** Milliseconds for which a checkpoint that stops writers waits for the one that is at work. */
const busyTimeout = 100;

/**
 * Given as text, since a bundled server has no file to name, and on the native part alone for the same reason. A second
 * copy of SQLite in one process would break the locks of the first (sqlite.org/howtocorrupt.html): it must be the same.
 */
const program = `
  const { readFileSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const { addon, path, busyTimeout, diskFailure, failed } = workerData;
  const mappings = () => readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => line.includes(addon)).length;
  const module_ = { exports: {} };
  const before = mappings();
  process.dlopen(module_, addon);
  if (mappings() !== before) throw new Error('SQLite was loaded twice');

  class SqliteError extends Error {
    constructor(message, code) {
      super(message);
      this.code = code;
    }
  }
  const rowOf = (...keys) => (...values) => Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  const { Database, initialize } = module_.exports;
  initialize(SqliteError, (...values) => values, (array, ...values) => array.push(...values), rowOf, (value) => ({ value, done: false }));
  const database = new Database(path, path, false, false, true, busyTimeout, null, null, null, null);
  const pragma = (text) => database.prepare('PRAGMA ' + text, database, true, false);
  pragma('synchronous = NORMAL').run();
  const [passive, full] = ['PASSIVE', 'FULL'].map((mode) => pragma('wal_checkpoint(' + mode + ')'));

  parentPort.on('message', (stopWriters) => {
    try {
      let result = passive.get();
      const isHeld = result.busy !== 0 || result.checkpointed < result.log;
      if (stopWriters && !isHeld) result = full.get();
      parentPort.postMessage({ result });
    } catch ({ message, code }) {
      if (diskFailure.test(code)) Atomics.store(failed, 0, 1);
      parentPort.postMessage({ error: { message, code } });
    }
  });`;

type Message = { readonly result: CheckpointResult } | { readonly error: { message: string; code: string } };

/** Copies the log of a database into it in a thread of its own, through a connection of its own. */
export class CheckpointThread {
  readonly #worker: Worker;
  readonly #failed = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #waiting: PromiseWithResolvers<CheckpointResult> | undefined;
  #broken: Error | undefined;

  /** Throws when it cannot be had here, as on another system than Linux. */
  constructor(path: string) {
    this.#worker = new Worker(program, {
      eval: true,
      name: 'checkpoints',
      workerData: { addon: loadedAddon(), path, busyTimeout, diskFailure, failed: this.#failed },
      // It handles a few numbers; V8 would reserve as much as for a server.
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
    this.#worker.unref();
    this.#worker.on('message', (message: Message) => {
      if ('result' in message) this.#waiting?.resolve(message.result);
      else this.#waiting?.reject(new Sqlite.SqliteError(message.error.message, message.error.code));
    });
    this.#worker.on('error', (error: Error) => this.#break(error));
    this.#worker.on('exit', () => this.#break(new Error('The thread for checkpoints has ended')));
  }

  /** Whether the disk failed a checkpoint; known before {@link run} rejects. */
  get hasFailed(): boolean {
    return Atomics.load(this.#failed, 0) !== 0;
  }

  /**
   * Copies what the log has. While others write, that never empties it: with `stopWriters` they find the database locked
   * for the last pages and the sync. Rejects with a `SqliteError`, or with another error when there is no thread (any more).
   */
  run(stopWriters: boolean): Promise<CheckpointResult> {
    this.#waiting = Promise.withResolvers();
    if (this.#broken !== undefined) this.#waiting.reject(this.#broken);
    else this.#worker.postMessage(stopWriters);
    return this.#waiting.promise;
  }

  /** Ends the thread, once it has ended what it does, and closes its connection. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#waiting?.reject(this.#broken);
  }
}

/** The native part of SQLite that this process has loaded; the loader knows it by its path, also when its file is gone. */
function loadedAddon(): string {
  const lines = readFileSync('/proc/self/maps', 'utf8').split('\n');
  const files = lines.map((line) => line.slice(line.indexOf('/')).replace(/ \(deleted\)$/, ''));
  const path = files.find((file) => /^(?:better_sqlite3|linux(?:musl)?-\w+)\.node$/.test(basename(file)));
  if (path === undefined) throw new Error('SQLite is no file of its own here');
  return path;
}
