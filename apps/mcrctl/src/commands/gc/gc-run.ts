import type { GCRun } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** Fields of a run. */
export const runFields: readonly Field<Json<GCRun>>[] = [
  { name: 'id', describe: 'UUID of the run' },
  { name: 'started_at', kind: 'time', column: 'STARTED', describe: 'When it began' },
  { name: 'completed_at', kind: 'time', describe: 'When it ended; null while it runs' },
  {
    name: 'state',
    column: 'STATE',
    tones: { completed: 'green', failed: 'red' },
    describe: '`running`, `completed` or `failed`',
  },
  { name: 'trigger', column: 'TRIGGER', describe: 'What started it: `schedule` or `api`' },
  {
    name: 'reconcile',
    kind: 'flag',
    column: 'RECONCILE',
    describe: 'Whether it also compares every stored file with the database',
  },
  { name: 'examined', kind: 'number', describe: 'Queue entries and blobs that it looked at so far' },
  { name: 'blobs_removed', kind: 'number', column: 'BLOBS', describe: 'Blobs that it removed' },
  { name: 'bytes_freed', kind: 'size', column: 'FREED', describe: 'Bytes of those blobs' },
  { name: 'uploads_removed', kind: 'number', describe: 'Abandoned uploads that it removed' },
  { name: 'orphans_removed', kind: 'number', describe: 'Reconcile only: files that no blob owned, removed' },
  {
    name: 'missing_files',
    kind: 'number',
    tones: { '0': 'green' },
    describe: 'Reconcile only: blobs whose file is missing',
  },
  { name: 'error', column: 'ERROR', describe: 'Why it failed' },
];
