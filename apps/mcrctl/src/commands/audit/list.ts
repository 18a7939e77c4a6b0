import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { eventFields } from './event.ts';
import { filterOptions, listEvents, parseInstant, queryOf } from './filters.ts';

/** `mcrctl audit list`: `GET /v1/audit`, newest first. */
export const auditListCommand = defineCommand({
  name: 'audit list',
  describe: 'List audit events, newest first',
  options: {
    ...filterOptions,
    since: {
      type: 'string',
      requiresArg: true,
      describe: 'Only events at this time or later: RFC 3339, a date, or 24h, 7d',
    },
    until: { type: 'string', requiresArg: true, describe: 'Only events before this time' },
    before: { type: 'string', requiresArg: true, describe: 'Only events with a smaller id than this' },
    limit: { ...limitOption.limit, default: '50', describe: 'Maximum number to show', oldNames: ['n'] },
  },
  examples: [
    ['mcrctl audit list --type policy_deny --since 1h', 'See what was denied in the last hour'],
    ['mcrctl audit list --type manifest_pulled --repository team/app --tag 1.0', 'Who pulled by this tag'],
    ['mcrctl audit list --type manifest_pulled --digest sha256:…', 'Who pulled this image, by whatever tag'],
    [
      'mcrctl audit list --repository team/app --limit 1000 --json at,event_type,actor',
      'The history of a repository, for a script',
    ],
  ],
  fields: eventFields,
  async run({ io, print, client }, { since, until, before, limit, ...filters }) {
    const api = await client();
    const query = {
      ...(await queryOf(filters, api)),
      since: parseInstant(since, '--since', io.clock),
      until: parseInstant(until, '--until', io.clock),
      // Over REST the id is the start of the next page.
      page_token: parseCount(before, '--before')?.toString(),
    };
    await print.list(eventFields, listEvents(api, query, parseCount(limit, '--limit')), 'No matching events');
  },
});
