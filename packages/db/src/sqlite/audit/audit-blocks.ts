import type Sqlite from 'better-sqlite3';

/** Events of consecutive ids in one block. */
const blockSize = 1_024;

/** The times that blocks of events span: a period is found among a thousandth of the events, also where a clock was set back. */
export interface AuditBlocks {
  /** Ids that hold every event from `since` on and before `until`. */
  boundsOf(since: number | undefined, until: number | undefined): { readonly first: number; readonly last: number };
  /** Notes events that were appended. */
  note(events: readonly (readonly [id: number, at: number])[]): void;
}

export function prepareBlocks(sqlite: Sqlite.Database): AuditBlocks {
  const overlapping = (order: string) =>
    sqlite
      .prepare<[number, number], number>(
        `SELECT block FROM audit_blocks WHERE last_at >= ? AND first_at < ? ORDER BY block ${order} LIMIT 1`,
      )
      .pluck();
  const [first, last] = [overlapping('ASC'), overlapping('DESC')];
  const upsert = sqlite.prepare(`
    INSERT INTO audit_blocks (block, first_at, last_at) VALUES (?, ?, ?)
    ON CONFLICT (block) DO UPDATE SET first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)`);
  return {
    boundsOf(since = Number.MIN_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER) {
      const [from, to] = [first.get(since, until), last.get(since, until)];
      if (from === undefined || to === undefined) return { first: 1, last: 0 };
      return { first: from * blockSize, last: (to + 1) * blockSize - 1 };
    },
    note(events) {
      const blocks = Map.groupBy(events, ([id]) => Math.floor(id / blockSize));
      for (const [block, noted] of blocks) {
        const times = noted.map(([, at]) => at);
        upsert.run(block, Math.min(...times), Math.max(...times));
      }
    },
  };
}
