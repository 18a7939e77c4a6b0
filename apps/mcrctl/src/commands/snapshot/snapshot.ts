import type { Snapshot } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** Fields of a copy. */
export const snapshotFields: readonly Field<Json<Snapshot>>[] = [
  { name: 'name', column: 'NAME', describe: "Its file name in the server's snapshot folder" },
  { name: 'size', kind: 'size', column: 'SIZE', describe: 'Its bytes' },
  { name: 'created_at', kind: 'time', column: 'CREATED', describe: 'When it was taken' },
];
