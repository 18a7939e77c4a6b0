import { auditEventTypes } from '@mcr/core';
import type { Account } from '@mcr/rpc/mcr/v1/admin_pb';
import type { ListAuditEventsResponse } from '@mcr/rpc/mcr/v1/audit_pb';
import { html } from 'hono/html';
import { pageHead } from '../../ui/card.ts';
import { mcrctl, option } from '../../ui/commands.ts';
import { plain, problemNote, select, textField } from '../../ui/forms.ts';
import { empty } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { pager, withQuery } from '../../ui/lists.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { eventList } from './events.ts';
import { type AuditFilter, dayAfter, referenceOf } from './filter.ts';
import { words } from './kinds.ts';

/** Properties of the page. */
export interface AuditProps {
  readonly url: URL;
  readonly filter: AuditFilter;
  /** A page of events, or why there is none. */
  readonly list: ListAuditEventsResponse | string;
  readonly accounts: readonly Account[];
  /** What a delegate sees of it; absent: all. */
  readonly scope?: readonly string[] | undefined;
  readonly now: number;
}

/** A page of the audit log. */
export function auditView(props: AuditProps): Page {
  const { url, filter, list, scope, now } = props;
  const exportAs = (file: string) => withQuery(new URL(`${url.origin}/${file}${url.search}`), { page: undefined });
  const content = html`${pageHead('Audit log', `Who did what, and what was denied${scope === undefined ? '' : `, in ${scope.join(', ')}`}. Times are in UTC.`)}
<form action="/audit" method="get" class="filters" hx-get="/audit" hx-trigger="input delay:300ms, change, submit" hx-target="#results" hx-select="#results" hx-swap="outerHTML" hx-sync="this:replace" hx-replace-url="true">
${select('type', 'What', filter.type, [['', 'everything'], ...auditEventTypes.map((type) => [type, words(type)] as const)])}
${actorField(props)}
<label class="field field--grow"><span>Repository</span><input class="input" name="repository" value="${filter.repository}" autocomplete="off" spellcheck="false" data-search></label>
<label class="field field--grow"><span>Tag or digest</span><input class="input" name="reference" value="${filter.reference}" maxlength="256" autocomplete="off" spellcheck="false"></label>
${textField('From', { type: 'date', name: 'from', value: filter.from })}
${textField('To', { type: 'date', name: 'to', value: filter.to })}
<button class="btn no-script">Filter</button><a class="btn" href="/audit">Clear</a></form>
<div id="results" aria-live="polite">
${typeof list === 'string' ? problemNote(`${list}.`) : events(url, list, exportAs, now)}</div>`;
  return { title: 'Audit log', crumbs: [{ text: 'Audit' }], command: auditCommand(filter), content };
}

function events(url: URL, list: ListAuditEventsResponse, exportAs: (file: string) => string, now: number): Fragment {
  const none = html`<div class="card">${empty('No matching events', 'Widen the filter to see more.', undefined, 'scroll-text')}</div>`;
  return html`${list.events.length === 0 ? none : eventList(url, list.events, now)}
<div class="below">${pager(url, list.nextPageToken)}<span class="pager"><a class="btn" href="${exportAs('audit.csv')}">${icon('download')}Export as CSV</a><a class="btn" href="${exportAs('audit.jsonl')}">${icon('download')}Export as JSON lines</a></span></div>`;
}

function auditCommand({ type, actor, repository, reference, from, to }: AuditFilter): string {
  const filters = { type, actor, repository, ...referenceOf(reference), since: from, until: dayAfter(to) };
  return mcrctl(
    'audit',
    'list',
    Object.entries(filters).flatMap(([name, value]) => option(name, value)),
  );
}

function actorField({ filter, accounts }: AuditProps): Fragment {
  const chosen = accounts.find(({ id, username }) => id === filter.actor || username === filter.actor);
  if (accounts.length === 0 || (filter.actor !== '' && chosen === undefined)) {
    return textField('Who', { name: 'actor', value: filter.actor, placeholder: 'account name or id', ...plain });
  }
  return select('actor', 'Who', chosen?.id ?? '', [
    ['', 'all accounts'],
    ...accounts.map(({ id, username }) => [id, username] as const),
  ]);
}
