import type { RestClient } from '../../rest/client.ts';
import type { AuditEvent } from './event.ts';

/** Which events. */
export interface AuditQuery {
  readonly event_type?: string | undefined;
  /** Name or UUID. */
  readonly actor?: string | undefined;
  readonly repository?: string | undefined;
  /** RFC 3339, inclusive. */
  readonly since?: string | undefined;
  /** RFC 3339, exclusive. */
  readonly until?: string | undefined;
  /** Only events with a smaller id. */
  readonly before?: number | undefined;
}

/** `GET /v1/audit`: newest first. */
export function listEvents(
  rest: RestClient,
  query: AuditQuery,
  limit: number | undefined,
): AsyncGenerator<readonly AuditEvent[]> {
  const shape = { id: 'number', actor: 'object', details: 'object' } as const;
  return rest.pages({ path: '/v1/audit', query: { ...query }, to: 'read the audit log', names: true, shape }, limit);
}
