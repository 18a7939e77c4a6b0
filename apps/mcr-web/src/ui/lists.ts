import { html } from 'hono/html';
import { icon } from './icons.ts';
import type { Fragment } from './page.ts';

/** Links from a page of a list to the first and the next one. */
export function pager(url: URL, nextToken: string): Fragment {
  const isFirst = !url.searchParams.has('page');
  if (isFirst && nextToken === '') return html``;
  return html`<nav class="pager" aria-label="Pages">
${isFirst ? '' : html`<a class="btn" href="${withQuery(url, { page: undefined })}">First page</a>`}
${nextToken === '' ? '' : html`<a class="btn" rel="next" href="${withQuery(url, { page: nextToken })}">Next page</a>`}
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
  width = '',
): Fragment {
  const isCurrent = current === key;
  const href = withQuery(url, { sort: key, page: undefined });
  const arrow = icon(direction === 'ascending' ? 'arrow-up' : 'arrow-down');
  return html`<th role="columnheader" scope="col"${isCurrent ? html` aria-sort="${direction}"` : ''}${width === '' ? '' : html` class="${width}"`}><a href="${href}">${words}${isCurrent ? html` ${arrow}` : ''}</a></th>`;
}

/** A table that keeps its roles when phones show its rows as cards. */
export function table(kind: string, heads: readonly Fragment[], rows: Fragment): Fragment {
  return html`<table class="table${kind === '' ? '' : ` ${kind}`}" role="table"><thead role="rowgroup"><tr role="row">${heads}</tr></thead><tbody role="rowgroup">
${rows}
</tbody></table>`;
}

/** Attributes of a row that has just been created: it gets the focus, so that screen readers read it. */
export function newRow(isNew: boolean): Fragment {
  return isNew ? html` tabindex="-1" autofocus` : html``;
}

/** The head of a column. */
export function head(words: string, width = ''): Fragment {
  return html`<th role="columnheader" scope="col"${width === '' ? '' : html` class="${width}"`}>${words}</th>`;
}

/** The head of a column that needs no words for those who see it. */
export function hiddenHead(words: string, width: string): Fragment {
  return html`<th role="columnheader" scope="col" class="${width}"><span class="vh">${words}</span></th>`;
}
