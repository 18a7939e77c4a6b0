import type Sqlite from 'better-sqlite3';

/** A parameter, or a text, a name in quotes or a comment, in which nothing is one. */
const parts = /'[^']*'|"[^"]*"|--[^\n]*|(?<parameter>\?\d*|[:@$]\w+)/g;

/**
 * Has every statement of this database compiled once. SQLite compiles a join anew for each value that is bound to the parameter in
 * `column = ?`, since its plan depends on whether that is 1 or 0, which many rows may have, and every statement for each `LIMIT ?`: for a
 * manifest by tag that took twice as long as reading it. The value of an expression it does not look at, and `+?` is one that has the
 * same value, compares the same and uses the same indexes (sqlite.org/lang_expr.html#operators). SQLite's own switch for this,
 * `SQLITE_DBCONFIG_ENABLE_QPSG`, is not within reach of better-sqlite3.
 */
export function keepPlans(sqlite: Sqlite.Database): void {
  const prepare = sqlite.prepare.bind(sqlite) as (text: string) => Sqlite.Statement;
  sqlite.prepare = ((text: string) => prepare(withSteadyPlan(text))) as Sqlite.Database['prepare'];
}

function withSteadyPlan(statement: string): string {
  return statement.replace(parts, (part, parameter?: string) => (parameter === undefined ? part : `+${part}`));
}
