import type { AuditEvent, AuditEventType } from '@mcr/core';
import type { AuditLog } from '../../facets/audit.ts';
import type { Change } from '../../facets/shared.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { prepareBlocks } from './audit-blocks.ts';

/** What a change has to say about itself; who and when is in the change. */
export interface ChangeEvent {
  readonly type: AuditEventType;
  readonly repository?: string;
  readonly digest?: string;
  readonly details?: Readonly<Record<string, string>>;
}

const dayMs = 86_400_000;

export interface EventLog {
  append(events: readonly AuditEvent[]): void;
  /** Appends the event of a change; runs in the transaction of the change. */
  record(change: Change, event: ChangeEvent): void;
}

const columns = ['at', 'event_type', 'actor_id', 'actor_name', 'repository', 'digest', 'ip', 'details'];

export function prepareEventLog({ sqlite }: Connection): EventLog {
  // None of it through the query builder: every pull writes an event, and half of the time for that would be its.
  const insert = sqlite.prepare(`INSERT INTO audit_log (${columns.join()}) VALUES (${columns.map(() => '?').join()})`);
  const blocks = prepareBlocks(sqlite);
  const name = sqlite.prepare(`INSERT INTO actor_names (name, id) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET id = excluded.id WHERE id <> excluded.id`);
  const count = sqlite.prepare(`INSERT INTO activity (day, event_type, n) VALUES (?, ?, ?)
    ON CONFLICT (day, event_type) DO UPDATE SET n = n + excluded.n`);

  function append(events: readonly AuditEvent[]): void {
    const written: [id: number, at: number][] = [];
    for (const { type, at, actor, repository, digest, details } of events) {
      const about = [repository ?? null, digest ?? null, actor.ip ?? null, JSON.stringify(details)];
      const { lastInsertRowid } = insert.run(at, type, actor.id ?? null, actor.name ?? null, ...about);
      written.push([Number(lastInsertRowid), at]);
    }
    blocks.note(written);
    for (const [actor, id] of namesOf(events)) name.run(actor, id);
    for (const { day, type, n } of countByDay(events)) count.run(day, type, n);
  }
  return {
    append,
    record: ({ actor, now }, event) => append([{ details: {}, ...event, actor, at: now }]),
  };
}

/** The ids behind the names of a group, once each. A name without an id is only what a failed login claimed. */
function namesOf(events: readonly AuditEvent[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { actor } of events) {
    if (actor.id !== undefined && actor.name !== undefined) names.set(actor.name, actor.id);
  }
  return names;
}

interface DailyCount {
  readonly day: number;
  readonly type: AuditEventType;
  readonly n: number;
}

/** A group is mostly pulls of one day: one row to update instead of one for each event. */
function countByDay(events: readonly AuditEvent[]): Iterable<DailyCount> {
  const counts = new Map<string, DailyCount>();
  for (const { at, type } of events) {
    const day = Math.floor(at / dayMs);
    const key = `${day} ${type}`;
    counts.set(key, { day, type, n: (counts.get(key)?.n ?? 0) + 1 });
  }
  return counts.values();
}

export const appendAuditEvents: Operation<AuditLog['append']> = (connection) => {
  const log = prepareEventLog(connection);
  // No remembered read looks at the log, and every pull writes to it.
  return (events) => {
    if (events.length === 0) return;
    connection.writeUnremembered(() => log.append(events));
  };
};
