import type { GCRun, GetGCStatusResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import type { Field } from '../../output/field.ts';
import { formatAgo, formatCount, formatSize } from '../../output/format.ts';
import type { Fact } from '../../output/layout.ts';
import { getGcStatus } from './find-run.ts';
import { describePending } from './pending.ts';

type GcStatus = Json<GetGCStatusResponse>;

const fields: readonly Field<GcStatus>[] = [
  { name: 'running', kind: 'flag', describe: 'Whether a run is in progress' },
  {
    name: 'current_run',
    kind: 'object',
    describe: 'The run in progress with its current counts, as in gc list; null if there is none',
  },
  { name: 'last_run', kind: 'object', describe: 'The last finished run; null before the first' },
  {
    name: 'pending',
    kind: 'object',
    describe: 'What waits for a run: `blobs`, `bytes`, and when the first and the last of them become removable',
  },
  { name: 'next_run_at', kind: 'time', describe: 'Time of the next scheduled run; null if runs are only on demand' },
];

/** `mcrctl gc status`: `GET /v1/gc/status`. */
export const gcStatusCommand = defineCommand({
  name: 'gc status',
  describe: 'Show the current and the last garbage collection, and what waits for the next',
  options: {},
  examples: [['mcrctl gc status', 'See whether a run is in progress, and the result of the last one']],
  fields,
  async run({ io, print, client }) {
    const status = await getGcStatus(await client());
    const forPeople = io.stdout.isTerminal;
    const now = io.clock.now();
    print.item(fields, status, [
      ...describe('current_run', status.current_run, forPeople, now),
      ...describe('last_run', status.last_run, forPeople, now),
      ...describeWaiting(status, forPeople, now),
    ]);
  },
});

function describeWaiting(status: GcStatus, forPeople: boolean, now: number): Fact[] {
  const { pending } = status;
  if (pending === undefined) return [];
  if (forPeople) return [['waiting', describePending(pending, now)]];
  return Object.entries(pending).map(([key, value]) => [`pending_${key}`, String(value)]);
}

function describe(name: string, run: Json<GCRun> | undefined, forPeople: boolean, now: number): Fact[] {
  if (!run) return [];
  if (!forPeople) return Object.entries(run).map(([key, value]) => [`${name}_${key}`, String(value)]);
  const when = formatAgo(Date.parse(run.completed_at ?? run.started_at ?? ''), now);
  const freed = `${formatCount(run.blobs_removed, 'blob')} removed, ${formatSize(run.bytes_freed)} freed, ${run.examined} examined`;
  return [[name, `${run.state} ${when}, ${freed}${run.error === undefined ? '' : `: ${run.error}`}`]];
}
