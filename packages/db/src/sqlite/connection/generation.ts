import type Sqlite from 'better-sqlite3';

/**
 * A number that grows whenever something that reads remember may have changed, by whichever connection. Commits of
 * others show in SQLite's counter (sqlite.org/pragma.html#pragma_data_version), which costs a lock and is therefore
 * asked once in a turn of the event loop: a request that is handled in this turn had begun to arrive before, so it may
 * come before any change that it does not see.
 */
export class Generation {
  readonly #dataVersion: Sqlite.Statement<[]>;
  /** Changes by this connection that a remembered read may have to see. */
  #changesHere = 0;
  #changesElsewhere = 0;
  #version: unknown;
  #isFresh = false;

  constructor(sqlite: Sqlite.Database) {
    this.#dataVersion = sqlite.prepare<[]>('PRAGMA data_version').pluck();
  }

  /** Notes that this connection has changed something that reads remember. */
  note(): void {
    this.#changesHere += 1;
  }

  current(): number {
    if (!this.#isFresh) {
      this.#isFresh = true;
      setImmediate(this.#startTurn);
      const version = this.#dataVersion.get();
      if (version !== this.#version) this.#changesElsewhere += 1;
      this.#version = version;
    }
    return this.#changesHere + this.#changesElsewhere;
  }

  readonly #startTurn = (): void => {
    this.#isFresh = false;
  };
}
