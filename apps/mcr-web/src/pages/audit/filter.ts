import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { isDigest, isTag } from '@mcr/core';
import type { ListAuditEventsRequestSchema } from '@mcr/rpc/mcr/v1/audit_pb';

/** Filters of the log, as in the URL. */
export interface AuditFilter {
  readonly type: string;
  /** Name or id of an account. */
  readonly actor: string;
  readonly repository: string;
  /** A tag of the repository, or a digest. */
  readonly reference: string;
  /** First and last day, in UTC, as `2026-01-31`. */
  readonly from: string;
  readonly to: string;
}

const dayMs = 86_400_000;

/** Parses a filter from the parameters of the page; invalid days are ignored. */
export function parseFilter(query: URLSearchParams): AuditFilter {
  const text = (name: string) => query.get(name)?.trim() ?? '';
  const day = (name: string) => (dayOf(text(name)) === undefined ? '' : text(name));
  return {
    type: text('type'),
    actor: text('actor'),
    repository: text('repository'),
    reference: text('reference'),
    from: day('from'),
    to: day('to'),
  };
}

/** The filter in the form of the registry's API. */
export function toRequest(filter: AuditFilter): MessageInitShape<typeof ListAuditEventsRequestSchema> {
  const [since, until] = [dayOf(filter.from), dayOf(dayAfter(filter.to))];
  return {
    ...(filter.type !== '' && { eventType: filter.type }),
    ...(filter.actor !== '' && { actor: filter.actor }),
    ...(filter.repository !== '' && { repository: filter.repository }),
    ...referenceOf(filter.reference),
    ...(since !== undefined && { since: timestampFromDate(since) }),
    ...(until !== undefined && { until: timestampFromDate(until) }),
  };
}

/** What is wrong with a filter, in words for the form; `undefined` where nothing is. */
export function filterProblem({ reference, repository }: AuditFilter): string | undefined {
  const { tag, digest } = referenceOf(reference);
  if (digest !== undefined && !isDigest(digest))
    return 'Give the whole digest, such as sha256: and 64 hexadecimal digits';
  if (tag === undefined) return undefined;
  if (!isTag(tag)) return 'Give a tag, or a digest such as sha256:…';
  return repository === '' ? 'Give the repository as well: tags are of a repository' : undefined;
}

/** A reference as the tag or the digest that it is. */
export function referenceOf(reference: string): { readonly tag?: string; readonly digest?: string } {
  if (reference === '') return {};
  return reference.includes(':') ? { digest: reference } : { tag: reference };
}

/** The day after, which is the exclusive end of a list; undefined without a day. */
export function dayAfter(text: string): string {
  const day = dayOf(text);
  return day === undefined ? '' : new Date(day.getTime() + dayMs).toISOString().slice(0, 10);
}

function dayOf(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
