import { html } from 'hono/html';
import { icon, mark } from '../ui/icons.ts';
import type { Crumb, Fragment } from '../ui/page.ts';
import type { Frame } from './frame.ts';

/** The bar above a page: the way to it, and a search. */
export function topbar({ host }: Frame, crumbs: readonly Crumb[]): Fragment {
  return html`<header class="topbar"><a class="topbar__mark" href="/" aria-label="${host}, overview">${mark()}</a>
<nav class="crumbs" aria-label="Breadcrumb"><ol>${crumbs.map(crumb)}</ol></nav>
<form class="omni" action="/search" method="get" role="search" aria-label="Everything" hx-get="/search" hx-trigger="input changed delay:150ms from:find input" hx-target="find .omni__hits" hx-swap="innerHTML" hx-sync="this:replace">${icon('search')}<input class="input" type="search" name="q" maxlength="1024" aria-label="Search" placeholder="Search or paste a reference" autocomplete="off" spellcheck="false" data-omni><input type="hidden" name="go" value="1"><kbd class="kbd" aria-hidden="true">/</kbd><div class="omni__hits" aria-live="polite"></div></form>
<a class="btn omni-link" href="/search" aria-label="Search">${icon('search')}</a>
<button type="button" class="btn btn--icon script" data-help aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">${icon('keyboard')}</button></header>`;
}

function crumb({ text, href }: Crumb, at: number, { length }: readonly Crumb[]): Fragment {
  const isLast = at === length - 1;
  const mark = isLast ? html` aria-current="page"` : '';
  if (href === undefined || isLast) return html`<li><span${mark}>${text}</span></li>`;
  return html`<li><a href="${href}">${text}</a></li>`;
}
