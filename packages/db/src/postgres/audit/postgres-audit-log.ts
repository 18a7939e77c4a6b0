// Written by `npm run tables`. Do not edit.
import type { AuditLog } from '../../facets/audit.ts';
import { PostgresFacet } from '../facet.ts';
import { deleteAuditEvents, listExpiredAuditEvents } from './expired-audit-events.ts';
import { activity, findActorId, listAuditEvents, listAuditedRepositories } from './list-audit-events.ts';
import { appendAuditEvents } from './record-event.ts';

/** {@link AuditLog} in PostgreSQL. */
export class PostgresAuditLog extends PostgresFacet implements AuditLog {
  readonly append = this.operation(appendAuditEvents);
  readonly list = this.operation(listAuditEvents);
  readonly listExpired = this.operation(listExpiredAuditEvents);
  readonly delete = this.operation(deleteAuditEvents);
  readonly repositories = this.operation(listAuditedRepositories);
  readonly findActorId = this.operation(findActorId);
  readonly activity = this.operation(activity);
}
