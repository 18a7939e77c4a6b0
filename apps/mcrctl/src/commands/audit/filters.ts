import { auditEventTypes, type Clock, isDigest } from '@mcr/core';
import type { ListAuditEventsRequestSchema } from '@mcr/rpc/mcr/v1/audit_pb';
import type { Client } from '../../api/client.ts';
import type { Input } from '../../api/json.ts';
import { usageError } from '../../cli/errors.ts';
import { parseRepository } from '../../cli/repository-argument.ts';
import { findImage } from '../manifest/find-image.ts';
import type { ListedEvent } from './event.ts';

/** Filters of both commands. */
export const filterOptions = {
  type: { type: 'string', requiresArg: true, choices: auditEventTypes, describe: 'Only events of this type' },
  actor: {
    type: 'string',
    requiresArg: true,
    complete: 'account',
    describe: 'Only events of this account, by name or UUID',
  },
  repository: { type: 'string', requiresArg: true, complete: 'repository', describe: 'Only events of this repository' },
  tag: { type: 'string', requiresArg: true, describe: 'Only events that name this tag of --repository' },
  digest: {
    type: 'string',
    requiresArg: true,
    describe: 'Only events about this manifest or blob; with --repository, its first 6 characters suffice',
  },
} as const;

/** The values of {@link filterOptions}. */
export interface FilterArguments {
  readonly type?: string | undefined;
  readonly actor?: string | undefined;
  readonly repository?: string | undefined;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

/** Criteria for events. */
export type AuditQuery = Input<typeof ListAuditEventsRequestSchema>;

/** The filters with the names of the API. Throws a CliError, such as where a short digest is that of no manifest. */
export async function queryOf(filters: FilterArguments, client: Client): Promise<AuditQuery> {
  const { type, actor, tag } = filters;
  const repository = filters.repository === undefined ? undefined : parseRepository(filters.repository, client.server);
  if (tag !== undefined && repository === undefined) {
    throw usageError('--tag is of a repository', 'add --repository, such as --repository team/app');
  }
  return { event_type: type, actor, repository, tag, digest: await digestOf(filters.digest, repository, client) };
}

async function digestOf(text: string | undefined, repository: string | undefined, client: Client) {
  if (text === undefined || isDigest(text)) return text;
  if (repository !== undefined) return (await findImage(client, `${repository}@${text}`)).reference;
  throw usageError(`"${text}" is not a whole digest`, 'give all of it, or add --repository');
}

/** AuditService.ListAuditEvents: newest first. */
export function listEvents(
  client: Client,
  query: AuditQuery,
  limit: number | undefined,
): AsyncGenerator<readonly ListedEvent[]> {
  return client.pages('audit.listAuditEvents', query, { to: 'read the audit log', limit }, ({ events }) =>
    events.map((event) => ({ ...event, ip: event.actor?.ip })),
  );
}

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses a point in time: RFC 3339, a date, or a distance from now (`30m`, `24h`, `7d`). Throws a usage error. */
export function parseInstant(text: string | undefined, option: string, clock: Clock): string | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time = unit === undefined ? parseDate(text) : clock.now() - Number(count) * units[unit as keyof typeof units];
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw usageError(
    `invalid value "${text}" for ${option}`,
    'use a time such as 2026-11-23T22:00:00Z, a date, or 24h for a day ago',
  );
}

/** Other formats that JavaScript accepts are rejected: it guesses. */
function parseDate(text: string): number {
  return /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
}
