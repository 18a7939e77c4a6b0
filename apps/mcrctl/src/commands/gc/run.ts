import { setTimeout as sleep } from 'node:timers/promises';
import type { GCRun } from '@mcr/rpc/mcr/v1/registry_pb';
import { type Json, needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import type { CommandContext } from '../../cli/context.ts';
import { CliError } from '../../cli/errors.ts';
import { formatCount, formatDuration, formatSize } from '../../output/format.ts';
import { getGcRun } from './find-run.ts';
import { runFields } from './gc-run.ts';
import { sayPending } from './pending.ts';

/** Often enough to see progress. */
const pollMs = 500;

/** `mcrctl gc`: `POST /v1/gc`, and with `--wait` `GET /v1/gc/status` until the run has ended. */
export const gcRunCommand = defineCommand({
  name: 'gc',
  describe: 'Start a garbage collection, which removes unreferenced blobs',
  options: {
    reconcile: {
      type: 'boolean',
      default: false,
      describe: 'Also compare every stored file with the database, which takes longer',
    },
    wait: { type: 'boolean', default: false, describe: 'Wait until it has finished, without a timeout' },
  },
  examples: [
    ['mcrctl gc --wait', 'Free disk space, and see how much'],
    ['mcrctl gc --reconcile', 'Start a thorough run without waiting for it'],
  ],
  fields: runFields,
  async run(context, { reconcile, wait }) {
    const { print } = context;
    const api = await context.client();
    const about = { to: 'start a garbage collection', hints: { conflict: 'mcrctl gc status shows its progress' } };
    const started = await api.call('registry.garbageCollect', { reconcile }, about);
    const { id } = needed(started.run, 'run');
    if (!wait) {
      print.say('Started; mcrctl gc status shows its progress');
      return print.item(runFields, await getGcRun(api, id));
    }
    const run = await waitFor(context, id);
    print.item(runFields, run);
    if (run.state === 'failed') {
      throw new CliError(`the garbage collection failed: ${run.error ?? 'no reason is known'}`, {
        hint: "the server's log says more",
      });
    }
    print.say(`Removed ${formatCount(run.blobs_removed, 'blob')}, ${formatSize(run.bytes_freed)}`);
    await sayPending(context);
  },
});

async function waitFor({ io, print, client }: CommandContext, id: string): Promise<Json<GCRun>> {
  const begin = io.clock.now();
  for (;;) {
    const run = await getGcRun(await client(), id);
    if (run.state !== 'running') return run;
    const time = formatDuration(io.clock.now() - begin);
    print.progress(
      `collecting garbage: ${run.examined} examined, ${formatCount(run.blobs_removed, 'blob')} removed, ${time}`,
    );
    await sleep(pollMs, undefined, { signal: io.signal });
  }
}
