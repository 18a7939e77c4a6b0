import type { PendingGarbage } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import type { CommandContext } from '../../cli/context.ts';
import { formatAgo, formatCount, formatSize } from '../../output/format.ts';
import { getGcStatus } from './find-run.ts';

/**
 * Describes what waits for garbage collection: `2 blobs, 443 B, removable from 2026-06-16T12:00:00Z (in 1 day)`. A
 * lease or a push may keep a blob for longer.
 */
export function describePending(pending: Json<PendingGarbage>, now: number): string {
  const { blobs, bytes, first_due_at: first, last_due_at: last } = pending;
  if (blobs === 0) return 'nothing';
  const amount = `${formatCount(blobs, 'blob')}, ${formatSize(bytes)}`;
  if (first === undefined || last === undefined) return `${amount}, removable now`;
  const until = first === last ? '' : ` to ${moment(last, now)}`;
  return `${amount}, removable from ${moment(first, now)}${until}`;
}

/**
 * After a deletion or a run: prints to stderr what waits for garbage collection, until when, and for which run. The
 * command has succeeded by then, so an unreadable status is not an error.
 */
export async function sayPending({ io, print, client }: CommandContext): Promise<void> {
  const status = await getGcStatus(await client()).catch(() => undefined);
  if (status === undefined) return print.say('mcrctl gc status shows what waits for garbage collection');
  const { pending, next_run_at: next } = status;
  if (pending === undefined) return;
  const now = io.clock.now();
  print.say(`Waiting for garbage collection: ${describePending(pending, now)}`);
  if (pending.blobs > 0) print.say(`Next run: ${next === undefined ? 'on demand, by mcrctl gc' : moment(next, now)}`);
}

/** Exact, for scripts that log it, and relative, for users. */
function moment(time: string, now: number): string {
  return `${time.replace(/\.\d+Z$/, 'Z')} (${formatAgo(Date.parse(time), now)})`;
}
