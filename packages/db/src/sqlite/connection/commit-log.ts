import { close, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { SharedRuns } from '@mcr/core';
import type { SyncGate } from './sync-gate.ts';

const [closeFile, syncData] = [promisify(close), promisify(fdatasync)];

/**
 * Makes commits durable. SQLite would do so within the commit, and all other requests would wait for the disk;
 * here the write-ahead log is synced beside the event loop, once for all that was committed meanwhile. The log keeps
 * the order of commits: what is durable rests on nothing that is not. (sqlite.org/pragma.html#pragma_synchronous)
 */
export class CommitLog {
  readonly #fd: number;
  readonly #gate: SyncGate;
  readonly #onDurable: () => void;
  readonly #onIdle: () => void;
  readonly #syncs = new SharedRuns();
  #commits = 0;
  #durable = 0;
  #isSyncing = false;
  #closed = false;

  /**
   * The log of a database that a connection has open, and keeps open for longer than this. `onDurable` is called when
   * more of it has become durable, `onIdle` at the end of each sync, also of one that failed, before the next one begins.
   */
  constructor(
    path: string,
    gate: SyncGate,
    { onDurable = () => {}, onIdle = () => {} }: { readonly onDurable?: () => void; readonly onIdle?: () => void } = {},
  ) {
    this.#fd = openSync(path, 'r');
    this.#gate = gate;
    this.#onDurable = onDurable;
    this.#onIdle = onIdle;
  }

  /** Whether a sync is under way: what is committed now has to wait for another one. */
  get isSyncing(): boolean {
    return this.#isSyncing;
  }

  /** How many commits there were. */
  get commits(): number {
    return this.#commits;
  }

  /** Counts a commit. */
  note(): void {
    this.#commits += 1;
  }

  /** Resolves once everything committed so far is durable. Rejects with `UNAVAILABLE` when the disk fails at that. */
  async durable(): Promise<void> {
    const commits = this.#commits;
    while (this.#durable < commits) await this.#syncs.run('', () => this.#sync());
  }

  /**
   * Makes everything durable, unless the disk fails; then closes the database, and the log. Rejects with what
   * closing the database throws. Does nothing when closed.
   */
  async close(closeDatabase: () => void): Promise<void> {
    try {
      do await this.durable();
      while (this.#durable < this.#commits);
    } catch {
      // Its waiters got the error; the database is closed nevertheless.
    }
    if (this.#closed) return;
    this.#closed = true;
    try {
      closeDatabase();
    } finally {
      await closeFile(this.#fd);
    }
  }

  async #sync(): Promise<void> {
    const commits = this.#commits;
    this.#isSyncing = true;
    try {
      await this.#gate.sync(() => syncData(this.#fd));
      this.#durable = commits;
      this.#onDurable();
    } finally {
      this.#isSyncing = false;
      this.#onIdle();
    }
  }
}
