import { timestampMs } from '@bufbuild/protobuf/wkt';
import { indexTypes } from '@mcr/core';
import type { AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';

/** One push: an image or an index, under all its tags. */
export interface Push {
  /** The last event of the push. */
  readonly event: AuditEvent;
  readonly tags: readonly string[];
}

/** A client sends the parts of a push within seconds; large layers between two platforms take minutes. */
const togetherMs = 10 * 60_000;

/**
 * Folds push events, newest first, into pushes. Clients push the images and attestations of an index by digest, and
 * then the index, once for each tag.
 */
export function groupPushes(events: readonly AuditEvent[]): Push[] {
  const pushes: { event: AuditEvent; tags: string[] }[] = [];
  for (const event of events) {
    const whole = pushes.find(({ event: later, tags }) => isTogether(event, later) && isPart(event, later, tags));
    const tags = tagsOf(event);
    if (whole === undefined) pushes.push({ event, tags });
    else if (whole.event.digest === event.digest) whole.tags.push(...tags.filter((tag) => !whole.tags.includes(tag)));
  }
  return pushes;
}

function isTogether(event: AuditEvent, later: AuditEvent): boolean {
  const isSame = event.repository === later.repository && event.actor?.id === later.actor?.id;
  return isSame && timeOf(later) - timeOf(event) <= togetherMs;
}

function isPart(event: AuditEvent, later: AuditEvent, tags: readonly string[]): boolean {
  if (event.digest === later.digest) return true;
  const isIndex = ({ details }: AuditEvent) => indexTypes.has(details['media_type'] ?? '');
  return isIndex(later) && tagsOf(event).length === 0 && (tags.length > 0 || !isIndex(event));
}

function tagsOf({ details }: AuditEvent): string[] {
  return details['tag']?.split(',') ?? [];
}

function timeOf({ at }: AuditEvent): number {
  return at === undefined ? 0 : timestampMs(at);
}
