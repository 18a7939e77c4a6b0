import { html } from 'hono/html';
import { icon } from './icons.ts';
import type { Fragment } from './page.ts';

/** What else can be done with a row or a page; opens without a script. */
export function menu(label: string, items: readonly Fragment[]): Fragment {
  return html`<details class="menu" name="menu"><summary class="btn btn--icon" aria-label="${label}" title="More">${icon('ellipsis')}</summary><div class="menu__list">${items}</div></details>`;
}

/** An item that leads to a page. */
export function menuLink(href: string, words: string, label = words): Fragment {
  return html`<a class="menu__item" href="${href}"${label === words ? '' : html` aria-label="${label}"`}>${words}</a>`;
}

/** An item that leads to the page that asks for confirmation of a deletion. */
export function menuDelete(href: string, words: string, label = words): Fragment {
  return html`<a class="menu__item menu__item--bad" href="${href}"${label === words ? '' : html` aria-label="${label}"`}>${words}</a>`;
}

/** An item that copies; only shown if scripts run. */
export function menuCopy(text: string, words: string, label = words): Fragment {
  return html`<button type="button" class="menu__item copy" data-copy="${text}"${label === words ? '' : html` aria-label="${label}"`}>${words}</button>`;
}
