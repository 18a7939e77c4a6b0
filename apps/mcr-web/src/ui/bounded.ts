import { html } from 'hono/html';
import { count } from './format.ts';
import type { Fragment } from './page.ts';

/** Texts that are longer are not read by people, and would make pages of megabytes. */
const maxText = 2_000;

/** A text of at most 2,000 characters, that tells how many are missing. */
export function clip(text: string): string {
  if (text.length <= maxText) return text;
  return `${text.slice(0, maxText).toWellFormed()}… and ${count(text.length - maxText)} more characters`;
}

/** How many items of a list are not shown; nothing if all are. */
export function moreNote(total: number, shown: number, noun = ''): Fragment {
  if (total <= shown) return html``;
  return html`<p class="card__foot">and ${count(total - shown)} more${noun === '' ? '' : ` ${noun}`}</p>`;
}
