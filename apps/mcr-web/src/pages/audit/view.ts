import { auditEventTypes } from '@mcr/core';
import type { Account } from '@mcr/rpc/mcr/v1/admin_pb';
import type { AuditEvent, ListAuditEventsResponse } from '@mcr/rpc/mcr/v1/audit_pb';
import { html } from 'hono/html';
import { mcrctl, option } from '../../ui/commands.ts';
import { moment } from '../../ui/format.ts';
import { problemNote, select } from '../../ui/forms.ts';
import { badge, breakable, digest, empty, pager, withQuery } from '../../ui/fragments.ts';
import { manifestPath } from '../../ui/links.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { type AuditFilter, dayAfter } from './filter.ts';

/** Properties of the page. */
export interface AuditProps {
  readonly url: URL;
  readonly filter: AuditFilter;
  /** A page of events, or why there is none. */
  readonly list: ListAuditEventsResponse | string;
  readonly accounts: readonly Account[];
}

/** A page of the audit log. */
export function auditView(props: AuditProps): Page {
  const { url, filter, list } = props;
  const csv = withQuery(new URL(`${url.origin}/audit.csv${url.search}`), { page: undefined });
  const content = html`<h1>Audit log</h1>
<form action="/audit" method="get" class="filter" hx-get="/audit" hx-trigger="input delay:300ms, change, submit" hx-target="#results" hx-select="#results" hx-swap="outerHTML" hx-sync="this:replace" hx-replace-url="true">
${select('type', 'What', filter.type, [['', 'everything'], ...auditEventTypes.map((type) => [type, words(type)] as const)])}
${actorField(props)}
<label>Repository <input name="repository" value="${filter.repository}" autocomplete="off" spellcheck="false" data-search></label>
<label>From <input type="date" name="from" value="${filter.from}"></label>
<label>to <input type="date" name="to" value="${filter.to}"></label>
<button>Filter</button> <a href="/audit">Clear</a></form>
<div id="results" aria-live="polite">
${typeof list === 'string' ? problemNote(`${list}.`) : events(url, list, csv)}</div>`;
  return { title: 'Audit log', command: auditCommand(filter), content };
}

function events(url: URL, list: ListAuditEventsResponse, csv: string): Fragment {
  return html`${list.events.length === 0 ? empty('No matching events. Widen the filter to see more.') : table(url, list.events)}
<div class="below">${pager(url, list.nextPageToken)}<a href="${csv}">Export as CSV</a></div>`;
}

function auditCommand({ type, actor, repository, from, to }: AuditFilter): string {
  const filters = { type, actor, repository, since: from, until: dayAfter(to) };
  return mcrctl(
    'audit',
    'list',
    Object.entries(filters).flatMap(([name, value]) => option(name, value)),
  );
}

function actorField({ filter, accounts }: AuditProps): Fragment {
  const chosen = accounts.find(({ id, username }) => id === filter.actor || username === filter.actor);
  if (accounts.length === 0 || (filter.actor !== '' && chosen === undefined)) {
    return html`<label>Who <input name="actor" value="${filter.actor}" placeholder="account name or id" autocomplete="off" spellcheck="false"></label>`;
  }
  return select('actor', 'Who', chosen?.id ?? '', [
    ['', 'all accounts'],
    ...accounts.map(({ id, username }) => [id, username] as const),
  ]);
}

function table(url: URL, events: readonly AuditEvent[]): Fragment {
  return html`<table class="wide"><thead><tr><th scope="col">When (UTC)</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">Repository</th><th scope="col">Digest</th><th scope="col">Details</th></tr></thead><tbody>
${events.map((event) => row(url, event))}
</tbody></table>`;
}

function row(url: URL, { eventType, at, actor, repository, digest: value, details }: AuditEvent): Fragment {
  const only = (name: string, text: string, shown: Fragment) =>
    html`<a href="${withQuery(url, { [name]: text, page: undefined })}" title="Show only these">${shown}</a>`;
  const name = html`${actor?.name ?? 'registry'}`;
  return html`<tr><td>${at === undefined ? '' : moment(at)}</td><td data-label="What">${only('type', eventType, type(eventType))}</td>
<td data-label="Who">${actor?.id === undefined ? name : only('actor', actor.id, name)}${actor?.ip === undefined ? '' : html` <span class="muted nowrap">${actor.ip}</span>`}</td>
<td data-label="Repository">${repository === undefined ? '' : only('repository', repository, breakable(repository))}</td>
<td data-label="Digest">${value === undefined ? '' : digest(value, repository !== undefined && eventType.startsWith('manifest_p') ? manifestPath(repository, value) : undefined)}</td>
<td data-label="Details">${Object.entries(details).map(([key, text]) => html`<div><span class="muted">${words(key)}</span> ${text}</div>`)}</td></tr>`;
}

function type(eventType: string): Fragment {
  const isBad = eventType === 'policy_deny' || eventType === 'login_failed';
  return isBad ? badge('bad', words(eventType)) : html`${words(eventType)}`;
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
