import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../api/client.ts';
import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { eventFields, type ListedEvent } from './event.ts';
import { type AuditQuery, filterOptions, listEvents, queryOf } from './filters.ts';

/** Short enough to watch, and cheap: a request for one page by an index. */
const pollMs = 1_000;

/** `mcrctl audit tail`: `GET /v1/audit`, oldest first, repeated with `--follow`. */
export const auditTailCommand = defineCommand({
  name: 'audit tail',
  describe: 'Show the last events, oldest first, and with --follow new ones as they occur',
  options: {
    limit: { ...limitOption.limit, default: '20', describe: 'Number of last events', oldNames: ['n'] },
    follow: { type: 'boolean', default: false, alias: 'f', describe: 'Continue until Ctrl-C' },
    ...filterOptions,
  },
  examples: [
    ['mcrctl audit tail --limit 5', 'See what just happened'],
    ['mcrctl audit tail --follow --type policy_deny', 'Watch for denials'],
  ],
  fields: eventFields,
  async run({ io, print, client }, { limit, follow, ...filters }) {
    const api = await client();
    const query = await queryOf(filters, api);
    const events = tail(api, query, parseCount(limit, '--limit'), follow ? io.signal : undefined);
    await print.list(eventFields, events, 'No matching events');
  },
});

async function* tail(
  client: Client,
  query: AuditQuery,
  count: number,
  until: AbortSignal | undefined,
): AsyncGenerator<readonly ListedEvent[]> {
  let last = await newest(client, query, 0, count);
  yield last;
  let lastId = last.at(-1)?.id ?? 0;
  if (until === undefined) return;
  for (;;) {
    await sleep(pollMs, undefined, { signal: until });
    last = await newest(client, query, lastId, undefined);
    lastId = last.at(-1)?.id ?? lastId;
    yield last;
  }
}

/** Events after an id, oldest first; the API only pages from the newest backwards. */
async function newest(
  client: Client,
  query: AuditQuery,
  after: number,
  limit: number | undefined,
): Promise<ListedEvent[]> {
  const found: ListedEvent[] = [];
  for await (const page of listEvents(client, query, limit)) {
    const fresh = page.filter(({ id }) => id > after);
    found.push(...fresh);
    if (fresh.length < page.length) break;
  }
  return found.reverse();
}
