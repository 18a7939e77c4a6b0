import { html } from 'hono/html';
import type { Fragment } from './page.ts';

const shortcuts = [
  ['/', 'Search everything'],
  ['Ctrl V', 'Open what was copied: a digest, a reference'],
  ['f', 'Filter the list'],
  ['g o', 'Overview'],
  ['g r', 'Repositories'],
  ['g a', 'Audit'],
  ['g p', 'Policies'],
  ['g c', 'Accounts'],
  ['g s', 'Storage'],
  ['g m', 'Your account'],
  ['j k', 'Next row, previous row'],
  ['Enter', 'Open the row'],
  ['x', 'Select the row'],
  ['y', 'Copy what the row refers to'],
  ['?', 'This help'],
  ['Esc', 'Close'],
] as const;

/** Keyboard shortcuts, shown by `?`. */
export function helpDialog(): Fragment {
  return html`<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keyboard shortcuts</h2>
<dl class="keys">${shortcuts.map(([keys, words]) => html`<div><dt>${keys.split(' ').map((key) => html`<kbd class="kbd">${key}</kbd>`)}</dt><dd>${words}</dd></div>`)}</dl>
<form method="dialog"><button class="btn">Close</button></form></dialog>`;
}
