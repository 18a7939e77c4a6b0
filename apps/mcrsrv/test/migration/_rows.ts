import { DatabaseSync } from 'node:sqlite';

const tables = "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";

/** Every row of a database of SQLite, by table, for comparisons. */
export function rowsOf(path: string): Readonly<Record<string, readonly unknown[]>> {
  const sqlite = new DatabaseSync(path, { readOnly: true });
  try {
    const names = sqlite.prepare(tables).all() as { name: string }[];
    return Object.fromEntries(names.map(({ name }) => [name, sqlite.prepare(`SELECT * FROM ${name}`).all()]));
  } finally {
    sqlite.close();
  }
}
