import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from '../../cli/command.ts';
import { parseCount } from '../../cli/limit-option.ts';
import type { RestClient } from '../../rest/client.ts';
import { type AuditQuery, listEvents } from './client.ts';
import { type AuditEvent, eventFields } from './event.ts';
import { filterOptions, queryOf } from './filters.ts';

/** Short enough to watch, and no burden: a request for one page by an index. */
const pollMs = 1_000;

/** `mcrctl audit tail`: `GET /v1/audit`, oldest first, and with `--follow` again and again. */
export const auditTailCommand = defineCommand({
  name: 'audit tail',
  describe: 'Show the last events, oldest first, and with --follow those that come',
  options: {
    n: { type: 'string', requiresArg: true, default: '20', describe: 'How many of the last events' },
    follow: { type: 'boolean', default: false, alias: 'f', describe: 'Go on until Ctrl-C' },
    ...filterOptions,
  },
  examples: [
    ['mcrctl audit tail --n 5', 'See what just happened'],
    ['mcrctl audit tail --follow --type policy_deny', 'Watch for denials'],
  ],
  fields: eventFields,
  async run({ io, print, rest }, { n, follow, ...filters }) {
    const client = await rest();
    const query = queryOf(filters, client.server);
    const events = tail(client, query, parseCount(n, '--n'), follow ? io.signal : undefined);
    await print.list(eventFields, events, 'There are no such events');
  },
});

async function* tail(
  rest: RestClient,
  query: AuditQuery,
  count: number,
  until: AbortSignal | undefined,
): AsyncGenerator<readonly AuditEvent[]> {
  let last = await newest(rest, query, 0, count);
  yield last;
  let lastId = last.at(-1)?.id ?? 0;
  if (until === undefined) return;
  for (;;) {
    await sleep(pollMs, undefined, { signal: until });
    last = await newest(rest, query, lastId, undefined);
    lastId = last.at(-1)?.id ?? lastId;
    yield last;
  }
}

/** Events after an id, oldest first; the API pages from the newest back. */
async function newest(
  rest: RestClient,
  query: AuditQuery,
  after: number,
  limit: number | undefined,
): Promise<AuditEvent[]> {
  const found: AuditEvent[] = [];
  for await (const page of listEvents(rest, query, limit)) {
    const fresh = page.filter(({ id }) => id > after);
    found.push(...fresh);
    if (fresh.length < page.length) break;
  }
  return found.reverse();
}
