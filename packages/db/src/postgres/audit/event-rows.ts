import type { AuditEventType } from '@mcr/core';
import type { StoredAuditEvent } from '../../facets/audit.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';

/** The columns of an {@link EventRow}. */
export const eventColumns = `id, at, event_type AS type, actor_id AS "actorId", actor_name AS "actorName", repository, digest, ip, details`;

/** A row of `audit_log`. */
export interface EventRow {
  readonly id: number;
  readonly at: number;
  readonly type: AuditEventType;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly repository: string | null;
  readonly digest: string | null;
  readonly ip: string | null;
  readonly details: Readonly<Record<string, string>>;
}

/** The event in a row. */
export function toEvent({ actorId, actorName, ip, ...row }: EventRow): StoredAuditEvent {
  return withoutNulls({ ...row, actor: withoutNulls({ id: actorId, name: actorName, ip }) });
}
