import { defineCommand } from '../../cli/command.ts';
import { parseCount } from '../../cli/limit-option.ts';
import { listEvents } from './client.ts';
import { eventFields } from './event.ts';
import { filterOptions, parseInstant, queryOf } from './filters.ts';

/** `mcrctl audit list`: `GET /v1/audit`, newest first. */
export const auditListCommand = defineCommand({
  name: 'audit list',
  describe: 'List what happened, newest first',
  options: {
    ...filterOptions,
    since: {
      type: 'string',
      requiresArg: true,
      describe: 'Only events at this time or later: RFC 3339, a date, or 24h, 7d',
    },
    until: { type: 'string', requiresArg: true, describe: 'Only events before this time' },
    before: { type: 'string', requiresArg: true, describe: 'Only events with a smaller id than this' },
    n: { type: 'string', requiresArg: true, default: '50', describe: 'At most this many' },
  },
  examples: [
    ['mcrctl audit list --type policy_deny --since 1h', 'See what was denied in the last hour'],
    [
      'mcrctl audit list --repository team/app --n 1000 --json at,event_type,actor',
      'The history of a repository, for a script',
    ],
  ],
  fields: eventFields,
  async run({ io, print, rest }, { since, until, before, n, ...filters }) {
    const client = await rest();
    const query = {
      ...queryOf(filters, client.server),
      since: parseInstant(since, '--since', io.clock),
      until: parseInstant(until, '--until', io.clock),
      before: parseCount(before, '--before'),
    };
    await print.list(eventFields, listEvents(client, query, parseCount(n, '--n')), 'There are no such events');
  },
});
