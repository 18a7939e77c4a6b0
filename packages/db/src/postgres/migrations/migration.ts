/**
 * A step of the schema. Once released it never changes. Servers of the version before go on while one is made, so it only adds:
 * tables, columns with a default, functions under a new name.
 */
export interface Migration {
  /** Position in the sequence, from 1. */
  readonly id: number;
  readonly name: string;
  /** Statements that run in one transaction. */
  readonly sql: string;
  /** The oldest schema whose programs may go on with this one, since they neither miss nor break anything. */
  readonly worksWith: number;
}
