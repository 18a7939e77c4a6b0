import type { AuditEvent, AuditEventType } from '@mcr/core';
import type { AuditLog } from '../../facets/audit.ts';
import type { Change } from '../../facets/shared.ts';
import type { Transaction } from '../connection/transaction.ts';
import { jsonb } from '../connection/values.ts';
import type { Operation } from '../facet.ts';

/** What a change has to say about itself; who and when is in the change. */
export interface ChangeEvent {
  readonly type: AuditEventType;
  readonly repository?: string;
  readonly digest?: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** The event of a change, as `record_events` takes it. */
export function eventOf({ actor, now }: Change, event: ChangeEvent): string {
  return jsonb([{ details: {}, ...event, actor, at: now }]);
}

/** Records the event of a change, as the last statement of its transaction. */
export async function recordEvent(tx: Transaction, change: Change, event: ChangeEvent): Promise<void> {
  await tx.query('SELECT record_events($1)', [eventOf(change, event)]);
}

/** Records several events, in their order, as the last statement of a transaction. */
export async function recordEvents(tx: Transaction, events: readonly AuditEvent[]): Promise<void> {
  if (events.length > 0) await tx.query('SELECT record_events($1)', [jsonb(events)]);
}

export const appendAuditEvents: Operation<AuditLog['append']> = (connection) => async (events) => {
  if (events.length === 0) return;
  // With an id of its own: a group whose response was lost is not written twice.
  await connection.call({}, 'SELECT append_events($1, $2)', [jsonb(events)]);
};
