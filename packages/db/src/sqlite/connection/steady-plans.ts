import type Sqlite from 'better-sqlite3';

/** Where a parameter begins that something is equal to, greater or less. */
const compared = /(?<==\s*)(?=[?:])/g;

/**
 * Has every statement of this database compiled once. SQLite compiles a join anew for each value that is bound to the parameter in
 * `column = ?`, since its plan depends on whether that is 1 or 0, which many rows may have: for a manifest by tag that
 * took twice as long as reading it. The value of an expression it does not look at, and `+?` is one that has the same value, compares the
 * same and uses the same indexes (sqlite.org/lang_expr.html#operators).
 */
export function keepPlans(sqlite: Sqlite.Database): void {
  const prepare = sqlite.prepare.bind(sqlite) as (text: string) => Sqlite.Statement;
  sqlite.prepare = ((text: string) => prepare(text.replace(compared, '+'))) as Sqlite.Database['prepare'];
}
