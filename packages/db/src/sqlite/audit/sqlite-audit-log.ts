// Written by `npm run tables`. Do not edit.
import type { AuditLog } from '../../facets/audit.ts';
import { SqliteFacet } from '../facet.ts';
import { appendAuditEvents } from './event-log.ts';
import { deleteAuditEvents, listExpiredAuditEvents } from './expired-audit-events.ts';
import { activity, findActorId, listAuditEvents, listAuditedRepositories } from './list-audit-events.ts';

/** {@link AuditLog} in SQLite. */
export class SqliteAuditLog extends SqliteFacet implements AuditLog {
  readonly append = this.operation(appendAuditEvents);
  readonly list = this.operation(listAuditEvents);
  readonly listExpired = this.operation(listExpiredAuditEvents);
  readonly delete = this.operation(deleteAuditEvents);
  readonly repositories = this.operation(listAuditedRepositories);
  readonly findActorId = this.operation(findActorId);
  readonly activity = this.operation(activity);
}
