import { html } from 'hono/html';
import type { Fragment } from './page.ts';

const shortcuts = [
  ['/', 'Search or filter'],
  ['g o', 'Overview'],
  ['g r', 'Repositories'],
  ['g p', 'Policies'],
  ['g a', 'Audit'],
  ['g s', 'Storage'],
  ['g c', 'Accounts'],
  ['j, k', 'Next row, previous row'],
  ['Enter', 'Open the row'],
  ['x', 'Select the row'],
  ['y', 'Copy what the row refers to'],
  ['?', 'This help'],
  ['Esc', 'Close'],
] as const;

/** Keyboard shortcuts, shown by `?`. */
export function helpDialog(): Fragment {
  return html`<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keyboard shortcuts</h2>
<dl class="keys">${shortcuts.map(([key, words]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`)}</dl>
<form method="dialog"><button>Close</button></form></dialog>`;
}
