import type { AuditEvent, AuditEventType } from '@mcr/core';
import { sql } from 'drizzle-orm';
import type { Change } from '../../metadata-store.ts';
import type { Connection } from '../connection/connection.ts';
import { activity, auditLog } from '../schema/index.ts';

/** What a change has to say about itself; who and when is in the change. */
export interface ChangeEvent {
  readonly type: AuditEventType;
  readonly repository?: string;
  readonly digest?: string;
  readonly details?: Readonly<Record<string, string>>;
}

const dayMs = 86_400_000;

export interface EventLog {
  append(event: AuditEvent): void;
  /** Appends the event of a change; runs in the transaction of the change. */
  record(change: Change, event: ChangeEvent): void;
}

export function prepareEventLog({ db }: Connection): EventLog {
  const insert = db
    .insert(auditLog)
    .values({
      at: sql.placeholder('at'),
      type: sql.placeholder('type'),
      actorId: sql.placeholder('actorId'),
      actorName: sql.placeholder('actorName'),
      repository: sql.placeholder('repository'),
      digest: sql.placeholder('digest'),
      ip: sql.placeholder('ip'),
      details: sql.placeholder('details'),
    })
    .prepare();
  const count = db
    .insert(activity)
    .values({ day: sql.placeholder('day'), type: sql.placeholder('type'), n: 1 })
    .onConflictDoUpdate({ target: [activity.day, activity.type], set: { n: sql`${activity.n} + 1` } })
    .prepare();

  function append({ type, at, actor, repository, digest, details }: AuditEvent): void {
    insert.run({
      at,
      type,
      actorId: actor.id ?? null,
      actorName: actor.name ?? null,
      repository: repository ?? null,
      digest: digest ?? null,
      ip: actor.ip ?? null,
      details,
    });
    count.run({ day: Math.floor(at / dayMs), type });
  }
  return {
    append,
    record: ({ actor, now }, event) => append({ details: {}, ...event, actor, at: now }),
  };
}
