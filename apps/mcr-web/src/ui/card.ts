import { html } from 'hono/html';
import type { Fragment } from './page.ts';

/** A part of a page with a heading; `id` is that of the heading. */
export function card(id: string, title: Fragment | string, content: Fragment, aside: Fragment | string = ''): Fragment {
  const note = typeof aside === 'string' && aside !== '' ? html`<span class="card__note">${aside}</span>` : aside;
  return html`<section class="card" aria-labelledby="${id}"><div class="card__head"><h2 id="${id}">${title}</h2>${note}</div>
${content}</section>`;
}

/** The top of a page: its name, a sentence or facts about it, and what can be done. */
export function pageHead(
  title: Fragment | string,
  about: Fragment | string = '',
  actions: Fragment = html``,
): Fragment {
  const text = typeof about === 'string' && about !== '' ? html`<p class="head__sub">${about}</p>` : about;
  return html`<div class="head"><div class="head__main"><h1>${title}</h1>${text}</div><div class="head__acts">${actions}</div></div>`;
}

/** Short facts beside each other, below the name of a page. */
export function facts(items: readonly Fragment[]): Fragment {
  return html`<ul class="facts">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** A figure with its name, a note, and a page that has more about it. */
export interface Stat {
  readonly name: string;
  readonly value: Fragment | string;
  readonly note?: Fragment | string;
  readonly href?: string;
  readonly spark?: Fragment;
  /** Whether the value is words instead of a number. */
  readonly isText?: boolean;
}

/** Figures beside each other. */
export function stats(label: string, items: readonly Stat[]): Fragment {
  return html`<section class="card stats stats--${items.length}" aria-label="${label}">${items.map(stat)}</section>`;
}

function stat({ name, value, note = '', href, spark = html``, isText = false }: Stat): Fragment {
  const inner = html`<div class="stat__k">${name}</div> <div class="stat__row"><span class="stat__v${isText ? ' stat__v--text' : ''}">${value}</span>${spark}</div> <div class="stat__n">${note}</div>`;
  return href === undefined
    ? html`<div class="stat">${inner}</div>`
    : html`<a class="stat" href="${href}">${inner}</a>`;
}
