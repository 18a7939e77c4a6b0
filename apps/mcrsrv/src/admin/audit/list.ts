import { type AuditEventType, RegistryError } from '@mcr/core';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { resolveActor } from '../../services/audit/resolve-actor.ts';
import { takeSlice } from '../../services/slice.ts';
import { operation } from '../operation.ts';
import { nextPageToken, numericCursor } from '../page.ts';
import { milliseconds } from '../plain.ts';

/**
 * One page of the audit log, newest first, with what is still being written; `actor` is a name or an id. `NOT_FOUND` for an
 * unknown name.
 */
export const listAuditEvents = operation(
  AuditService.method.listAuditEvents,
  async (services, { page }, { eventType, actor, actorId, repository, since, until, offset }) => {
    if (actor !== undefined && actorId !== undefined) {
      throw new RegistryError('PARAMETER_INVALID', 'give actor or actor_id, not both');
    }
    const before = numericCursor(page);
    await services.audit.flush();
    const id = actor === undefined ? actorId : await resolveActor(services, actor);
    const read = await services.store.audit.list({
      limit: page.limit + 1,
      ...(eventType !== undefined && { type: eventType as AuditEventType }),
      ...(id !== undefined && { actorId: id }),
      ...(repository !== undefined && { repository }),
      ...(since && { since: milliseconds(since) }),
      ...(until && { until: milliseconds(until) }),
      ...(before !== undefined && { before }),
      ...(offset > 0 && { offset }),
    });
    const { items, more } = takeSlice(page.limit, read);
    const events = items.map(({ type, ...event }) => ({
      ...event,
      eventType: type,
      repository: event.repository,
      digest: event.digest,
    }));
    return { events, nextPageToken: nextPageToken(more, items.at(-1)?.id) };
  },
);
