import type Sqlite from 'better-sqlite3';

/** Changes by any connection of this process that a remembered read may have to see. */
let changesHere = 0;

/** Says that this process has changed something that reads remember. */
export function noteChange(): void {
  changesHere += 1;
}

/**
 * A number that grows whenever something that reads remember may have changed, whoever changed it. Commits of other
 * processes show in SQLite's counter (sqlite.org/pragma.html#pragma_data_version), which costs a lock and is therefore
 * asked once in a turn of the event loop: a request that is handled in this turn had begun to arrive before, so it may
 * come before any change that it does not see.
 */
export function watchGeneration(sqlite: Sqlite.Database): () => number {
  const dataVersion = sqlite.prepare('PRAGMA data_version').pluck();
  let version: unknown;
  let changesElsewhere = 0;
  let isFresh = false;
  const startTurn = (): void => {
    isFresh = false;
  };

  return () => {
    if (!isFresh) {
      isFresh = true;
      setImmediate(startTurn);
      const found = dataVersion.get();
      if (found !== version) changesElsewhere += 1;
      version = found;
    }
    return changesHere + changesElsewhere;
  };
}
