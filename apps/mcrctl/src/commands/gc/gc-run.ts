import type { GCRun } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** Fields of a run. */
export const runFields: readonly Field<Json<GCRun>>[] = [
  { name: 'id', describe: 'UUID of the run', reference: ({ id }) => id },
  { name: 'started_at', kind: 'time', column: 'STARTED', describe: 'Start time' },
  { name: 'completed_at', kind: 'time', describe: 'End time; null while it runs' },
  {
    name: 'state',
    column: 'STATE',
    whole: true,
    tones: { completed: 'green', failed: 'red' },
    describe: '`running`, `completed` or `failed`',
  },
  { name: 'trigger', column: 'TRIGGER', describe: 'Trigger: `schedule` or `api`' },
  {
    name: 'reconcile',
    kind: 'flag',
    column: 'RECONCILE',
    spare: true,
    describe: 'Whether it also compares every stored file with the database',
  },
  { name: 'examined', kind: 'number', describe: 'Number of queue entries and blobs examined' },
  { name: 'blobs_removed', kind: 'number', column: 'BLOBS', describe: 'Number of blobs removed' },
  { name: 'bytes_freed', kind: 'size', column: 'FREED', describe: 'Total bytes of those blobs' },
  { name: 'uploads_removed', kind: 'number', describe: 'Number of abandoned uploads removed' },
  { name: 'orphans_removed', kind: 'number', describe: 'Reconcile only: number of unowned files removed' },
  {
    name: 'missing_files',
    kind: 'number',
    tones: { '0': 'green' },
    describe: 'Reconcile only: number of blobs whose file is missing',
  },
  { name: 'error', column: 'ERROR', describe: 'Reason of the failure' },
];
