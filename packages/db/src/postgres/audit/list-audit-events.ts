import type { ActivityCount, AuditFilter, AuditLog } from '../../facets/audit.ts';
import { endOf, pageLimit } from '../../rows/pages.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { type EventRow, eventColumns, toEvent } from './event-rows.ts';

/** From one type to the next: a step through the index for each. */
const typesInUse = `WITH RECURSIVE types (type) AS (
    (SELECT event_type FROM audit_log ORDER BY event_type LIMIT 1) UNION ALL
    SELECT (SELECT event_type FROM audit_log WHERE event_type > type ORDER BY event_type LIMIT 1) FROM types WHERE type IS NOT NULL)
  SELECT type FROM types WHERE type IS NOT NULL`;

export const listAuditEvents: Operation<AuditLog['list']> = (connection) => async (filter) => {
  const [limit, offset] = [pageLimit(filter.limit), pageLimit(filter.offset ?? 0)];
  const before = filter.before ?? (await settledBefore(connection));
  const { text, values } = statementOf({ ...filter, before }, limit, offset);
  return (await connection.query<EventRow>(text, values)).map(toEvent);
};

/** The tag that an event names, as the index has it. */
const named = `coalesce(details ->> 'tag', details ->> 'reference')`;

/** The newest event when it begins, and, with its end, every older one: what is taken meanwhile is newer. */
const settle = 'SELECT (SELECT max(id) FROM audit_log) AS newest, settle_events()';

/**
 * Where the first page begins. Ids are assigned before their transactions end, so that an older event may become visible after a
 * newer one: this waits for those that are older than the newest of now.
 */
async function settledBefore(connection: Connection): Promise<number> {
  const [row] = await connection.query<{ newest: number | null }>(settle);
  return (row?.newest ?? 0) + 1;
}

/**
 * The page of a filter. Each combination reads a range of one index, from its end. Indexes by actor and repository have the type
 * before the id: without a type, the ranges of all types are merged while they are read.
 */
function statementOf(
  filter: AuditFilter,
  limit: number,
  offset: number,
): { readonly text: string; readonly values: readonly unknown[] } {
  const { type, actorId, repository, repositories, tag, digest, before, since, until } = filter;
  const values: unknown[] = [];
  const value = (it: unknown): string => `$${values.push(it)}`;
  const from = since === undefined ? '' : value(since);
  const to = until === undefined ? '' : value(until);
  const overlaps = [from && `last_at >= ${from}`, to && `first_at < ${to}`].filter(Boolean).join(' AND ');
  const bound = (order: string) => `(SELECT block FROM audit_blocks WHERE ${overlaps} ORDER BY block ${order} LIMIT 1)`;
  const conditions = [
    type && `event_type = ${value(type)}`,
    actorId !== undefined && `actor_id = ${value(actorId)}`,
    repository !== undefined && `repository = ${value(repository)}`,
    tag !== undefined && `${named} = ${value(tag)} AND strpos(${named}, ':') = 0`,
    // By the index of their first 64 bits.
    digest !== undefined && `substr(digest, 8, 16) = ${value(digest.slice(7, 23))} AND digest = ${value(digest)}`,
    before !== undefined && `id < ${value(before)}`,
    // A period is found by the times that blocks of 1,024 events span.
    overlaps && `id >= ${bound('ASC')} * 1024 AND id < (${bound('DESC')} + 1) * 1024`,
    from && `at >= ${from}`,
    to && `at < ${to}`,
  ].filter(Boolean);
  const where = conditions.length === 0 ? 'true' : conditions.join(' AND ');
  const select = (rest: string) => `SELECT ${eventColumns} FROM audit_log WHERE ${rest} ORDER BY id DESC`;
  if (repositories !== undefined && digest !== undefined) {
    const page = `LIMIT ${value(limit)} OFFSET ${value(offset)}`;
    return { text: `${select(`repository = ANY (${value(repositories)}) AND ${where}`)} ${page}`, values };
  }
  if (repositories !== undefined) {
    const types = type === undefined ? typesInUse : `SELECT ${value(type)}::text AS type`;
    const one = `${select(`repository = names.name AND event_type = types.type AND ${where}`)} LIMIT ${value(limit + offset)}`;
    const names = `unnest(${value(repositories)}::text[]) AS names (name)`;
    const text = `SELECT e.* FROM ${names} CROSS JOIN (${types}) types CROSS JOIN LATERAL (${one}) e ORDER BY e.id DESC
      LIMIT ${value(limit)} OFFSET ${value(offset)}`;
    return { text, values };
  }
  const isMerged = type === undefined && [actorId, repository, digest].some((it) => it !== undefined);
  const page = `LIMIT ${value(limit)} OFFSET ${value(offset)}`;
  if (!isMerged) return { text: `${select(where)} ${page}`, values };
  const ofType = `${select(`event_type = types.type AND ${where}`)} LIMIT ${value(limit + offset)}`;
  const text = `SELECT e.* FROM (${typesInUse}) types CROSS JOIN LATERAL (${ofType}) e ORDER BY e.id DESC ${page}`;
  return { text, values };
}

/** From one name to the next: a step through the index for each. */
const names = `WITH RECURSIVE names (name) AS (
    (SELECT repository FROM audit_log WHERE repository >= $1 AND repository < $2 ORDER BY repository LIMIT 1) UNION ALL
    SELECT (SELECT repository FROM audit_log WHERE repository > name AND repository < $2 ORDER BY repository LIMIT 1)
      FROM names WHERE name IS NOT NULL)
  SELECT name FROM names WHERE name IS NOT NULL LIMIT $3`;

export const listAuditedRepositories: Operation<AuditLog['repositories']> =
  (connection) =>
  async ({ prefix, limit }) => {
    const rows = await connection.query<{ name: string }>(names, [prefix, endOf(prefix), pageLimit(limit)]);
    return rows.map(({ name }) => name);
  };

export const findActorId: Operation<AuditLog['findActorId']> = (connection) => async (name) => {
  const [found] = await connection.query<{ id: string }>('SELECT id FROM actor_names WHERE name = $1', [name]);
  return found?.id;
};

const counts = `SELECT day, event_type AS type, sum(n)::bigint AS n FROM activity WHERE day >= $1 GROUP BY day, event_type
  ORDER BY day, event_type`;

export const activity: Operation<AuditLog['activity']> =
  (connection) =>
  async ({ sinceDay }) =>
    await connection.query<ActivityCount>(counts, [sinceDay]);
