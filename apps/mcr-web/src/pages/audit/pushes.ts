import { timestampMs } from '@bufbuild/protobuf/wkt';
import { indexTypes } from '@mcr/core';
import type { AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';

/** An event, and those of the same push, newest first. */
export interface Entry {
  readonly event: AuditEvent;
  readonly parts: readonly AuditEvent[];
}

/** Longer before a manifest, in milliseconds, a blob is hardly of the same push. */
const longestPushMs = 60 * 60_000;

/**
 * Puts the blobs of a push below its manifest, and the untagged manifests of its platforms below an index: those that the same account pushed to the same
 * repository in the hour before, and after its previous push. `events` are newest first.
 */
export function foldPushes(events: readonly AuditEvent[]): readonly Entry[] {
  const entries: { readonly event: AuditEvent; readonly parts: AuditEvent[] }[] = [];
  const open = new Map<string, (typeof entries)[number]>();
  for (const event of events) {
    const key = JSON.stringify([event.actor?.id ?? event.actor?.name, event.repository]);
    const push = open.get(key);
    if (push !== undefined && isPart(event, push.event) && timeOf(push.event) - timeOf(event) <= longestPushMs) {
      push.parts.push(event);
      continue;
    }
    const entry = { event, parts: [] };
    entries.push(entry);
    if (event.eventType === 'manifest_pushed') open.set(key, entry);
  }
  return entries;
}

/** An untagged manifest is of an index that is pushed after it. After that of another kind it is an artifact of its own. */
function isPart({ eventType, details }: AuditEvent, push: AuditEvent): boolean {
  if (eventType === 'manifest_pushed') return (details['tag'] ?? '') === '' && isIndex(push);
  return eventType === 'blob_uploaded' || eventType === 'blob_mounted';
}

function isIndex({ details }: AuditEvent): boolean {
  return indexTypes.has(details['media_type'] ?? '');
}

function timeOf({ at }: AuditEvent): number {
  return at === undefined ? 0 : timestampMs(at);
}
