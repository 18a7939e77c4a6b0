/** What a column has, as far as dialects write it in different ways. */
export type ColumnKind = 'integer' | 'boolean' | 'text' | 'json' | 'jsonb' | 'bytes' | 'real';

/** A column that moves. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** A value of a row: flags are 0 and 1, JSON is its text. */
export type Value = number | string | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

/** Statements of one transaction. Parameters are `$1`, `$2` …, each once and in this order. */
export interface Session {
  query<Found = Row>(text: string, values?: readonly Value[]): Promise<Found[]>;
}

/** A database as a source or target of moving rows. What differs between dialects is here; see {@link copyTables}. */
export interface MovingDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  /** Columns by table, without those that only this dialect has. */
  columns(): Promise<ReadonlyMap<string, readonly Column[]>>;
  /** Runs reads that all see the same moment. */
  read<Result>(work: (session: Session) => Promise<Result>): Promise<Result>;
  /** Runs `work` in one transaction: all of it happens and is durable, or nothing. */
  write<Result>(work: (session: Session) => Promise<Result>): Promise<Result>;
  /** How a table and a column are read in this dialect. */
  tableOf(name: string): string;
  expressionOf(column: Column): string;
  insert(session: Session, table: string, columns: readonly Column[], rows: readonly Row[]): Promise<void>;
  /** Has no trigger of the tables run in this transaction until `resumeTriggers`. */
  pauseTriggers(session: Session, tables: readonly string[]): Promise<void>;
  resumeTriggers(session: Session, tables: readonly string[]): Promise<void>;
  /** The last id that was given in a table, 0 if none was. */
  lastId(session: Session, table: string, column: string): Promise<number>;
  /** Has the next id be above `last`. */
  setLastId(session: Session, input: { table: string; column: string; last: number }): Promise<void>;
  close(): Promise<void>;
}
