import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { guest } from '@mcr/core';
import type { AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';
import { html } from 'hono/html';
import { ageText, bytesText, counted, exactTime } from '../../ui/format.ts';
import { breakable, digest, shortDigest } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { explainPath, manifestPath } from '../../ui/links.ts';
import { withQuery } from '../../ui/lists.ts';
import { kindOf } from '../../ui/media-types.ts';
import type { Fragment } from '../../ui/page.ts';
import { refText } from '../../ui/refs.ts';
import { kindOfEvent, words as nameOf } from './kinds.ts';
import { type Entry, foldPushes } from './pushes.ts';

const longDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** Events by day, newest first. */
export function eventList(url: URL, events: readonly AuditEvent[], now: number): Fragment {
  const days = Map.groupBy(foldPushes(events), ({ event: { at } }) => (at === undefined ? '' : dayOf(at)));
  const today = new Date(now).toISOString().slice(0, 10);
  return html`<div class="events">${[...days].map(
    (
      [day, list],
      index,
    ) => html`<section class="card alone" aria-labelledby="day-${index}"><div class="day"><h2 id="day-${index}">${day === today ? 'Today' : dayName(day)}</h2>${day === today ? dayName(day) : ''}</div><ol>
${list.map((entry) => row(url, entry, now))}</ol></section>`,
  )}</div>`;
}

function row(url: URL, { event, parts }: Entry, now: number): Fragment {
  const { eventType, at, actor, repository, digest: value } = event;
  const { sign, verb, isBad = false } = kindOfEvent(eventType);
  const only = (filter: Readonly<Record<string, string>>, shown: Fragment, classes = '') =>
    html`<a${classes === '' ? '' : html` class="${classes}"`} href="${withQuery(url, { ...filter, page: undefined })}" title="Show only these">${shown}</a>`;
  const name = html`<b>${actor?.name ?? 'registry'}</b>`;
  const who = actor?.id === undefined ? name : only({ actor: actor.id }, name);
  const what = only({ type: eventType }, html`${verb}`, isBad ? 'no' : '');
  const tag = tagOf(event);
  const where = repository === undefined ? '' : only({ repository }, refText(repository), 'ref');
  const of =
    repository === undefined || tag === undefined
      ? ''
      : only({ repository, reference: tag }, html`<span class="ref__tag">${breakable(`:${tag}`)}</span>`, 'ref');
  const isManifest = repository !== undefined && eventType.startsWith('manifest_p');
  const link = value === undefined ? '' : digest(value, isManifest ? manifestPath(repository, value) : undefined);
  return html`<li class="ev${isBad ? ' ev--bad' : ''}"><span class="ev__t">${at === undefined ? '' : clock(at)}</span>${icon(sign)}<div class="ev__s">${who} ${what} ${where}${of} ${link}${details(event)}${pushed(parts)}</div><div class="ev__c">${actor?.ip ?? ''}</div><div class="ev__a">${aside(event, now)}</div></li>
`;
}

/** The blobs and manifests of a push, folded. */
function pushed(parts: readonly AuditEvent[]): Fragment {
  if (parts.length === 0) return html``;
  const manifests = parts.filter(({ eventType }) => eventType === 'manifest_pushed').length;
  const sizes = parts.map(({ details: { size = '' } }) => (/^\d+$/.test(size) ? Number(size) : 0));
  const counts = [
    counted(parts.length - manifests, 'blob'),
    ...(manifests === 0 ? [] : [counted(manifests, 'manifest')]),
  ];
  const rows = parts.map(({ eventType, repository, digest: value = '', details: { size = '' } }) => {
    const isManifest = repository !== undefined && eventType === 'manifest_pushed';
    return html`<div><dt>${nameOf(eventType)}</dt><dd>${digest(value, isManifest ? manifestPath(repository, value) : undefined)} ${size === '' ? '' : textOf('size', size)}</dd></div>`;
  });
  const total = bytesText(sizes.reduce((sum, size) => sum + size, 0));
  return html` <details class="evf"><summary>${icon('chevron-right')}with ${counts.join(' and ')}, ${total}</summary><dl class="evf__in">${rows}</dl></details>`;
}

/** The tag that an event names, or that a pull was made by. */
function tagOf({ details: { tag, reference = ':' } }: AuditEvent): string | undefined {
  return tag ?? (reference.includes(':') ? undefined : reference);
}

/** Longer details are folded. */
const maxInline = 64;

/** What else is known. */
function details({ details: texts, digest: value }: AuditEvent): Fragment {
  const { tag: _shown, reference: _pulled, ...others } = texts;
  const entries = Object.entries(others);
  if (entries.length === 0) return html``;
  const words = entries
    .map(([key, text]) => (key === 'media_type' ? kindOf(text) : `${nameOf(key)} ${textOf(key, text)}`))
    .join(', ');
  if (words.length <= maxInline) return html` <span class="faint">${words}</span>`;
  const all = [...entries, ...(value === undefined ? [] : [['digest', value] as const])];
  const label = value === undefined ? 'details' : `details of ${shortDigest(value)}`;
  return html` <details class="evf"><summary aria-label="Show ${label}">${icon('chevron-right')}Details</summary><dl class="evf__in">${all.map(([key, text]) => html`<div><dt>${nameOf(key)}</dt><dd>${textOf(key, text)}</dd></div>`)}</dl></details>`;
}

function textOf(key: string, text: string): string {
  return key === 'size' && /^\d+$/.test(text) ? bytesText(Number(text)) : text;
}

/** When it was; for a denial, the way to its reason. */
function aside({ eventType, at, actor, repository, details: { action = '' } }: AuditEvent, now: number): Fragment {
  if (eventType !== 'policy_deny' || actor?.name === undefined || action === '')
    return html`${at === undefined ? '' : ageText(timestampDate(at), now)}`;
  const isGuest = actor.id === guest.id;
  const caller = isGuest ? { who: '', accountType: guest.accountType } : { who: actor.name };
  return html`<a class="link" href="${explainPath({ ...caller, action, repository: repository ?? '' })}">Why denied?</a>`;
}

function clock(at: Timestamp): Fragment {
  const date = timestampDate(at);
  return html`<time class="num" datetime="${date.toISOString()}" title="${exactTime(date)}">${date.toISOString().slice(11, 19)}</time>`;
}

function dayOf(at: Timestamp): string {
  return timestampDate(at).toISOString().slice(0, 10);
}

function dayName(day: string): string {
  return day === '' ? 'Without a time' : longDay.format(new Date(`${day}T00:00:00Z`));
}
