import type { Inspection } from '../../facets/inspection.ts';
import type { Operation } from '../facet.ts';

/** As many problems as a person reads; SQLite itself stops there. */
const maxProblems = 100;

export const checkIntegrity: Operation<Inspection['checkIntegrity']> =
  ({ sqlite }) =>
  () => {
    const lines = sqlite.prepare(`PRAGMA integrity_check(${maxProblems})`).pluck().all().map(String);
    const dangling: string[] = [];
    const statement = sqlite.prepare('PRAGMA foreign_key_check');
    for (const row of statement.iterate() as IterableIterator<{ table: string; parent: string }>) {
      if (dangling.length === maxProblems) break;
      dangling.push(`A row of ${row.table} points to a row of ${row.parent} that is not there`);
    }
    return [...lines.filter((line) => line !== 'ok'), ...dangling].slice(0, maxProblems);
  };
