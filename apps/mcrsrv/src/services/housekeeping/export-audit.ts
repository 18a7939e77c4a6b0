import { mkdir } from 'node:fs/promises';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { MetadataStore, StoredAuditEvent } from '@mcr/db';
import { appendOnce } from './append-once.ts';

/** Events in one transaction: requests hardly notice it, and a year of pulls is exported within minutes. */
const sliceSize = 250;

interface AuditExport {
  readonly store: MetadataStore;
  /** Where the files go, `audit-<year>-<month>.jsonl`. */
  readonly directory: string;
  /** Events from before this time go, in milliseconds since the epoch. */
  readonly before: number;
  readonly now: number;
  /** Called between slices; rejects to end the export. */
  readonly betweenSlices?: () => Promise<void>;
}

/**
 * Moves old events out of the audit log: each is in a file, and durable there, before it is deleted. One line of JSON is
 * one event, in the form of `GET /v1/audit`. How many were moved; throws what disk and store throw, with nothing lost.
 */
export async function exportAudit({ store, directory, before, now, betweenSlices }: AuditExport): Promise<number> {
  let exported = 0;
  let after: Pick<StoredAuditEvent, 'at' | 'id'> | undefined;
  for (;;) {
    const slice = await store.audit.listExpired({ before, ...(after && { after }), limit: sliceSize });
    if (slice.length === 0) return exported;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const [file, events] of Map.groupBy(slice, fileOf)) {
      const lines = events.map((event) => ({ id: event.id, text: JSON.stringify(lineOf(event)) }));
      await appendOnce(directory, file, lines);
      await store.audit.delete({ ids: events.map(({ id }) => id), file, actor: {}, now });
    }
    exported += slice.length;
    after = slice.at(-1);
    await yieldToOthers();
    await betweenSlices?.();
  }
}

function fileOf({ at }: StoredAuditEvent): string {
  return `audit-${new Date(at).toISOString().slice(0, 7)}.jsonl`;
}

function lineOf({ id, type, at, ...rest }: StoredAuditEvent) {
  return { id, event_type: type, at: new Date(at).toISOString(), ...rest };
}
