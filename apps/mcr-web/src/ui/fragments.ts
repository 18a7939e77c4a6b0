import { html, raw } from 'hono/html';
import type { Fragment } from './page.ts';

const shortDigestLength = 12;

/** The first digits of a digest, for display. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, shortDigestLength);
}

/** A button that copies; it is only shown if scripts run. */
export function copyButton(text: string, label: string, words = 'Copy'): Fragment {
  return html`<button type="button" class="copy" data-copy="${text}" aria-label="Copy ${label}">${words}</button>`;
}

/** The same for the text of an element of the page. */
export function copyFromButton(id: string, label: string): Fragment {
  return html`<button type="button" class="copy" data-copy-from="${id}" aria-label="Copy ${label}">Copy</button>`;
}

/** A command or reference to copy or to select. */
export function copyLine(text: string, label: string): Fragment {
  return html`<span class="copyline"><code>${text}</code>${copyButton(text, label)}</span>`;
}

/** A shortened digest, with the whole one in its title and a copy button. */
export function digest(value: string, href?: string): Fragment {
  const code = html`<code title="${value}">${shortDigest(value)}</code>`;
  const shown = href === undefined ? code : html`<a href="${href}">${code}</a>`;
  return html`<span class="nowrap">${shown} ${copyButton(value, `digest ${shortDigest(value)}`)}</span>`;
}

/** A state in its color. */
export function badge(kind: 'ok' | 'warn' | 'bad' | 'info' | 'neutral', word: string): Fragment {
  return html`<span class="badge ${kind}">${word}</span>`;
}

/** A name that may break after its separators. */
export function breakable(name: string): Fragment {
  const parts = name.split(/(?<=[/.:_-])/);
  return html`${parts.map((part, at) => (at === 0 ? html`${part}` : html`${raw('<wbr>')}${part}`))}`;
}

/** The text of an empty list, with the command that fills it. */
export function empty(words: string, command?: string): Fragment {
  return html`<div class="empty"><p>${words}</p>${command === undefined ? '' : html`<p>${copyLine(command, 'command')}</p>`}</div>`;
}

/** Links from a page of a list to the first and the next one. */
export function pager(url: URL, nextToken: string): Fragment {
  const isFirst = !url.searchParams.has('page');
  if (isFirst && nextToken === '') return html``;
  return html`<nav class="pager" aria-label="Pages">
${isFirst ? '' : html`<a href="${withQuery(url, { page: undefined })}">First page</a>`}
${nextToken === '' ? '' : html`<a rel="next" href="${withQuery(url, { page: nextToken })}">Next page</a>`}
</nav>`;
}

/** The path of a page with some of its parameters changed. */
export function withQuery(url: URL, changes: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(changes)) query.set(name, value ?? '');
  // Empty fields of a form have no meaning, and would be in every link of a list.
  const text = new URLSearchParams([...query].filter(([, value]) => value !== '')).toString();
  return text === '' ? url.pathname : `${url.pathname}?${text}`;
}

/** The head of a column by which a list can be sorted. */
export function sortHead(
  url: URL,
  current: string,
  key: string,
  words: string,
  direction: 'ascending' | 'descending',
): Fragment {
  const isCurrent = current === key;
  const href = withQuery(url, { sort: key, page: undefined });
  const arrow = direction === 'ascending' ? '↑' : '↓';
  return html`<th scope="col"${isCurrent ? html` aria-sort="${direction}"` : ''}${direction === 'ascending' ? '' : html` class="number"`}><a href="${href}">${words}${isCurrent ? html` <span aria-hidden="true">${arrow}</span>` : ''}</a></th>`;
}
