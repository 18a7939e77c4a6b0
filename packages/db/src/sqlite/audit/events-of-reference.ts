import type { Digest } from '@mcr/core';
import type Sqlite from 'better-sqlite3';
import type { AuditFilter } from '../../facets/audit.ts';
import { type Walk, walk } from '../../rows/pages.ts';

/** An event by what filters say of it. */
interface EventKey {
  readonly id: number;
  readonly actorId: string | null;
  readonly repository: string | null;
  readonly digest: Digest | null;
  readonly at: number;
}

/** The ids that a period, and the page before, leave. */
export interface IdBounds {
  readonly first: number;
  readonly last: number;
}

/** Events that are looked at in one turn, where some of them may not match. */
const readSize = 500;
/** The tag that an event names, as the index has it. */
const named = `coalesce(json_extract(details, '$.tag'), json_extract(details, '$.reference'))`;
const columns = `id, actor_id AS actorId, repository, digest, at`;

/**
 * The ids of events of a tag, in a repository, or of a digest, newest first, as many as asked for. The range of each type is merged,
 * as in every list; what else a filter says is compared with the rows of it, in turns, between which other work goes on.
 */
export function prepareIdsOfReference(sqlite: Sqlite.Database) {
  return async (
    filter: AuditFilter,
    types: readonly string[],
    { first, last }: IdBounds,
    length: number,
  ): Promise<number[]> => {
    const { tag, digest = '', repository = '' } = filter;
    const place =
      tag === undefined
        ? { where: 'substr(digest, 8, 16) = ?', values: [digest.slice(7, 23)] }
        : { where: `repository = ? AND ${named} = ? AND instr(${named}, ':') = 0`, values: [repository, tag] };
    if (types.length === 0) return [];
    const arm = `SELECT ${columns} FROM audit_log WHERE ${place.where} AND event_type = ? AND id >= ? AND id <= ?`;
    const text = `${types.map(() => arm).join(' UNION ALL ')} ORDER BY id DESC LIMIT ?`;
    const statement = sqlite.prepare<unknown[], EventKey>(text);
    const events: Walk<EventKey | { readonly id: number }, number> = {
      read: (after, count) => {
        const end = after === undefined ? last : after.id - 1;
        return statement.all(...types.flatMap((type) => [...place.values, type, first, end]), count);
      },
      matches: (event) => isMeant(event as EventKey, filter),
      load: ({ id }) => id,
      length: Math.min(readSize, length + 1),
    };
    return await walk(events, { after: undefined, limit: length });
  };
}

function isMeant(event: EventKey, { actorId, repository, repositories, digest, since, until }: AuditFilter): boolean {
  return (
    (digest === undefined || event.digest === digest) &&
    (actorId === undefined || event.actorId === actorId) &&
    (repository === undefined || event.repository === repository) &&
    (repositories === undefined || (event.repository !== null && repositories.includes(event.repository))) &&
    (since === undefined || event.at >= since) &&
    (until === undefined || event.at < until)
  );
}
