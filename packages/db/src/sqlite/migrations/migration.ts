/** A step of the schema. Once released it never changes; what it got wrong, a later one puts right. */
export interface Migration {
  /** Position in the sequence, from 1. */
  readonly id: number;
  readonly name: string;
  /** Statements that run in one transaction. */
  readonly sql: string;
}
