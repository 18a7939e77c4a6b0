import { type AuditEventType, type Delegate, liesWithin, parseDigest, parseTag, RegistryError } from '@mcr/core';
import type { AuditFilter, StoredAuditEvent } from '@mcr/db';
import { AuditService, type ListAuditEventsRequest } from '@mcr/rpc/mcr/v1/audit_pb';
import { resolveActor } from '../../services/audit/resolve-actor.ts';
import type { Caller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { takeSlice } from '../../services/slice.ts';
import { optionsOf } from '../access.ts';
import { delegateOf, denyDelegate } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { nextPageToken, numericCursor } from '../page.ts';
import { milliseconds } from '../plain.ts';
import { auditedWithin } from './audited-within.ts';

const { action } = optionsOf(AuditService.method.listAuditEvents).access;

/**
 * One page of the audit log, newest first, with what is still being written; `actor` is a name or an id. `NOT_FOUND` for an
 * unknown name. Delegates get events of repositories within their delegations and no others; `DENIED` for another repository.
 */
export const listAuditEvents = operation(
  AuditService.method.listAuditEvents,
  async (services, { page, caller }, request) => {
    const { eventType, actor, actorId, since, until, offset } = request;
    if (actor !== undefined && actorId !== undefined) {
      throw new RegistryError('PARAMETER_INVALID', 'give actor or actor_id, not both');
    }
    const reference = referenceOf(request);
    const before = numericCursor(page);
    const delegate = await delegateOf(services, caller, action);
    await services.audit.flush();
    const places = await placesOf(services, caller, delegate, request);
    const id = actor === undefined ? actorId : await actorOf(services, actor, delegate);
    const read = await services.store.audit.list({
      limit: page.limit + 1,
      ...places,
      ...reference,
      ...(eventType !== undefined && { type: eventType as AuditEventType }),
      ...(id !== undefined && { actorId: id }),
      ...(since && { since: milliseconds(since) }),
      ...(until && { until: milliseconds(until) }),
      ...(before !== undefined && { before }),
      ...(offset > 0 && { offset }),
    });
    const { items, more } = takeSlice(page.limit, read);
    const events = items.map((event) => shownEvent(event, delegate));
    return { events, nextPageToken: nextPageToken(more, items.at(-1)?.id) };
  },
);

/** The tag and the digest that are asked for. */
function referenceOf({ tag, digest, repository }: ListAuditEventsRequest): Pick<AuditFilter, 'tag' | 'digest'> {
  if (tag !== undefined && repository === undefined) {
    throw new RegistryError('PARAMETER_INVALID', 'tag: give the repository as well');
  }
  return {
    ...(tag !== undefined && { tag: parseTag(tag) }),
    ...(digest !== undefined && { digest: parseDigest(digest) }),
  };
}

/** The repositories to look at; for a delegate none beyond the delegations, nor events without a repository. */
async function placesOf(
  services: ServiceContext,
  caller: Caller,
  delegate: Delegate | undefined,
  { repository, offset }: ListAuditEventsRequest,
): Promise<Pick<AuditFilter, 'repository' | 'repositories'>> {
  if (delegate === undefined) return repository === undefined ? {} : { repository };
  if (offset > 0) throw new RegistryError('PARAMETER_INVALID', 'offset: is for admins; use the token of the next page');
  if (repository === undefined) return { repositories: await auditedWithin(services, delegate) };
  if (liesWithin(repository, delegate.scope)) return { repository };
  const problem = `it does not cover ${JSON.stringify(repository)}`;
  return await denyDelegate(services, caller, delegate, { action, problem });
}

/** A delegate does not learn whether there is an account of a name: one that is unknown has no events. */
async function actorOf(services: ServiceContext, actor: string, delegate: Delegate | undefined): Promise<string> {
  try {
    return await resolveActor(services, actor);
  } catch (error) {
    if (delegate !== undefined && error instanceof RegistryError && error.code === 'NOT_FOUND') return '';
    throw error;
  }
}

function shownEvent({ type: eventType, repository, digest, details, ...event }: StoredAuditEvent, delegate?: Delegate) {
  const { from, ...others } = details;
  // Where a blob was mounted from may be a repository that the delegate knows nothing of.
  const isHidden = delegate !== undefined && from !== undefined && !liesWithin(from, delegate.scope);
  return { ...event, details: isHidden ? others : details, eventType, repository, digest };
}
