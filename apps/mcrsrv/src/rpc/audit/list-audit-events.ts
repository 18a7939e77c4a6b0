import type { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { auditFilters } from '../../services/audit/audit-filters.ts';
import { listAuditEvents as verb } from '../../services/audit/list.ts';
import { parseInput } from '../../services/parse-input.ts';
import { callerOf } from '../call.ts';
import { milliseconds } from '../convert.ts';
import { auditEventMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, numericCursor, pageLimit } from '../page.ts';

export const listAuditEvents: Method<typeof AuditService, 'listAuditEvents'> =
  ({ services }) =>
  async (request, context) => {
    const filters = parseInput(auditFilters, {
      event_type: request.eventType,
      actor: request.actor,
      actor_id: request.actorId,
      repository: request.repository,
    });
    const { event_type: type, actor, actor_id: actorId, repository } = filters;
    const before = numericCursor(request);
    const { items, more } = await verb(services, callerOf(context), {
      limit: pageLimit(request),
      ...(type !== undefined && { type }),
      ...(actor !== undefined && { actor }),
      ...(actorId !== undefined && { actorId }),
      ...(repository !== undefined && { repository }),
      ...(request.since && { since: milliseconds(request.since) }),
      ...(request.until && { until: milliseconds(request.until) }),
      ...(before !== undefined && { before }),
    });
    return { events: items.map(auditEventMessage), nextPageToken: nextPageToken(more, items.at(-1)?.id) };
  };
