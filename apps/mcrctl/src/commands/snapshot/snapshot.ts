import type { Field } from '../../output/field.ts';

/** A copy of the database. */
export interface Snapshot {
  readonly name: string;
  readonly size: number;
  readonly created_at: string | undefined;
}

/** Fields of a copy. */
export const snapshotFields: readonly Field<Snapshot>[] = [
  { name: 'name', column: 'NAME', describe: "Its file name in the server's snapshot folder" },
  { name: 'size', kind: 'size', column: 'SIZE', describe: 'Its bytes' },
  { name: 'created_at', kind: 'time', column: 'CREATED', describe: 'When it was taken' },
];
