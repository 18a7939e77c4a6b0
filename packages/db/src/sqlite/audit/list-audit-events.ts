import { asc, eq, gte, sql } from 'drizzle-orm';
import type { AuditFilter, AuditLog, StoredAuditEvent } from '../../facets/audit.ts';
import { endOf, pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { actorNames, type auditLog, activity as counts } from '../schema/index.ts';
import { prepareBlocks } from './audit-blocks.ts';
import { type IdBounds, prepareIdsOfReference } from './events-of-reference.ts';

type EventRow = Omit<typeof auditLog.$inferSelect, 'details'> & { readonly details: string };

const columns = `id, at, event_type AS type, actor_id AS actorId, actor_name AS actorName, repository, digest, ip, details`;

export const listAuditEvents: Operation<AuditLog['list']> = (connection) => {
  const { sqlite } = connection;
  const selectIds = prepareSelectIds(connection);
  const find = sqlite.prepare<[number], EventRow>(`SELECT ${columns} FROM audit_log WHERE id = ?`);
  return async (filter) => {
    const page = [pageLimit(filter.limit), pageLimit(filter.offset ?? 0)] as const;
    return (await selectIds(filter, page))
      .flatMap((id) => find.get(id) ?? [])
      .map((row) => toEvent({ ...row, details: JSON.parse(row.details) as StoredAuditEvent['details'] }));
  };
};

interface Condition {
  readonly sql: string;
  readonly value: string | number;
}

/**
 * The ids of a page. Each combination of filters reads a range of one index, from its end. Indexes by actor and repository
 * have the type before the id: without a type, SQLite merges the ranges of all types while it reads them.
 */
function prepareSelectIds({ sqlite }: Connection) {
  const blocks = prepareBlocks(sqlite);
  const idsOfReference = prepareIdsOfReference(sqlite);
  // From one type to the next: a step through the index for each.
  const typesInUse = sqlite
    .prepare<[], string>(`
    WITH RECURSIVE types (type) AS (SELECT min(event_type) FROM audit_log UNION ALL
      SELECT (SELECT min(event_type) FROM audit_log WHERE event_type > type) FROM types WHERE type IS NOT NULL)
    SELECT type FROM types WHERE type IS NOT NULL`)
    .pluck();

  return async (filter: AuditFilter, page: readonly [limit: number, offset: number]): Promise<number[]> => {
    const { type, actorId, repository, repositories, tag, digest } = filter;
    if (tag !== undefined || digest !== undefined) {
      const [limit, offset] = page;
      const types = type === undefined ? typesInUse.all() : [type];
      return (await idsOfReference(filter, types, boundsOf(filter), limit + offset)).slice(offset);
    }
    if (repositories !== undefined) return idsOfMany(filter, repositories, page);
    const common: Condition[] = [
      ...(actorId === undefined ? [] : [{ sql: 'actor_id = ?', value: actorId }]),
      ...(repository === undefined ? [] : [{ sql: 'repository = ?', value: repository }]),
      ...conditionsOnId(filter),
    ];
    const isMerged = type === undefined && (actorId !== undefined || repository !== undefined);
    const types = isMerged ? typesInUse.all() : [type];
    const arms = types.map((one) => [...(one === undefined ? [] : [{ sql: 'event_type = ?', value: one }]), ...common]);
    if (arms.length === 0) return [];
    const selects = arms.map((arm) => {
      const where = arm.map(({ sql }) => sql).join(' AND ');
      return `SELECT id FROM audit_log WHERE ${where}`;
    });
    const values = arms.flat().map(({ value }) => value);
    const statement = sqlite.prepare<unknown[], number>(
      `${selects.join(' UNION ALL ')} ORDER BY id DESC LIMIT ? OFFSET ?`,
    );
    return statement.pluck().all(...values, ...page);
  };

  /** The range of each repository and type by itself, of which no more is read than can still be on the page. */
  function idsOfMany(
    filter: AuditFilter,
    repositories: readonly string[],
    [limit, offset]: readonly [limit: number, offset: number],
  ): number[] {
    const { type, actorId } = filter;
    const rest = [
      ...(actorId === undefined ? [] : [{ sql: 'actor_id = ?', value: actorId }]),
      ...conditionsOnId(filter),
    ];
    const statement = sqlite
      .prepare<unknown[], number>(
        `SELECT id FROM audit_log WHERE repository = ? AND event_type = ? AND id > ? AND ${rest.map(({ sql }) => sql).join(' AND ')}
         ORDER BY id DESC LIMIT ?`,
      )
      .pluck();
    const values = rest.map(({ value }) => value);
    const length = limit + offset;
    let ids: number[] = [];
    for (const one of type === undefined ? typesInUse.all() : [type]) {
      for (const repository of repositories) {
        const last = ids.length < length ? 0 : (ids.at(-1) ?? 0);
        const found = statement.all(repository, one, last, ...values, length);
        if (found.length > 0) ids = [...ids, ...found].toSorted((a, b) => b - a).slice(0, length);
      }
    }
    return ids.slice(offset);
  }

  function boundsOf({ before = Number.MAX_SAFE_INTEGER, since, until }: AuditFilter): IdBounds {
    if (since === undefined && until === undefined) return { first: 1, last: before - 1 };
    const { first, last } = blocks.boundsOf(since, until);
    return { first, last: Math.min(last, before - 1) };
  }

  function conditionsOnId({ before = Number.MAX_SAFE_INTEGER, since, until }: AuditFilter): Condition[] {
    const conditions = [{ sql: 'id < ?', value: before }];
    if (since === undefined && until === undefined) return conditions;
    const { first, last } = blocks.boundsOf(since, until);
    return [
      ...conditions,
      { sql: 'id >= ?', value: first },
      { sql: 'id <= ?', value: last },
      // The plus keeps the times out of the choice of an index.
      ...(since === undefined ? [] : [{ sql: '+at >= ?', value: since }]),
      ...(until === undefined ? [] : [{ sql: '+at < ?', value: until }]),
    ];
  }
}

/** An event as it is stored. */
export function toEvent({ actorId, actorName, ip, ...row }: typeof auditLog.$inferSelect): StoredAuditEvent {
  return withoutNulls({ ...row, actor: withoutNulls({ id: actorId, name: actorName, ip }) });
}

export const listAuditedRepositories: Operation<AuditLog['repositories']> = ({ sqlite }) => {
  // From one name to the next: a step through the index for each.
  const statement = sqlite
    .prepare<[string, string, string, number], string>(`
    WITH RECURSIVE names (name) AS (SELECT min(repository) FROM audit_log WHERE repository >= ? AND repository < ? UNION ALL
      SELECT (SELECT min(repository) FROM audit_log WHERE repository > name AND repository < ?) FROM names WHERE name IS NOT NULL)
    SELECT name FROM names WHERE name IS NOT NULL LIMIT ?`)
    .pluck();
  return ({ prefix, limit }) => statement.all(prefix, endOf(prefix), endOf(prefix), pageLimit(limit));
};

export const findActorId: Operation<AuditLog['findActorId']> = ({ db }) => {
  const statement = db
    .select({ id: actorNames.id })
    .from(actorNames)
    .where(eq(actorNames.name, sql.placeholder('name')))
    .prepare();
  return (name) => statement.get({ name })?.id;
};

export const activity: Operation<AuditLog['activity']> =
  ({ db }) =>
  ({ sinceDay }) =>
    db.select().from(counts).where(gte(counts.day, sinceDay)).orderBy(asc(counts.day), asc(counts.type)).all();
