import { html } from 'hono/html';
import { icon, mark } from '../ui/icons.ts';
import type { Crumb, Fragment } from '../ui/page.ts';
import type { Frame } from './frame.ts';

/** The bar above a page: the way to it, and a search. */
export function topbar({ host }: Frame, crumbs: readonly Crumb[]): Fragment {
  return html`<header class="topbar"><a class="topbar__mark" href="/" aria-label="${host}, overview">${mark()}</a>
<nav class="crumbs" aria-label="Breadcrumb"><ol>${crumbs.map(crumb)}</ol></nav>
<form class="omni" action="/repositories" method="get" role="search" aria-label="All repositories">${icon('search')}<input class="input" type="search" name="q" maxlength="255" aria-label="Search repositories" placeholder="Search repositories" autocomplete="off" spellcheck="false" data-search><kbd class="kbd" aria-hidden="true">/</kbd></form>
<a class="btn omni-link" href="/repositories" aria-label="Search repositories">${icon('search')}</a>
<button type="button" class="btn btn--icon script" data-help aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">${icon('keyboard')}</button></header>`;
}

function crumb({ text, href }: Crumb, at: number, { length }: readonly Crumb[]): Fragment {
  const isLast = at === length - 1;
  const mark = isLast ? html` aria-current="page"` : '';
  if (href === undefined || isLast) return html`<li><span${mark}>${text}</span></li>`;
  return html`<li><a href="${href}">${text}</a></li>`;
}
