import { html } from 'hono/html';
import type { Fragment } from './page.ts';

/** One of several things to choose from, and what it shows. */
export interface Choice {
  readonly name: string;
  readonly content: Fragment;
}

/** Contents to choose from by tabs, which are radios: they work without a script. `aside` stands beside the tabs. */
export function pullBox(id: string, label: string, choices: readonly Choice[], aside: Fragment = html``): Fragment {
  return html`<section class="card pull" id="${id}" aria-label="${label}"><div class="pull__bar"><div class="pull__tabs" role="radiogroup" aria-label="Client">${choices.map(
    ({ name }, at) =>
      html`<label><input class="vh" type="radio" name="client" value="${at + 1}"${at === 0 ? html` checked` : ''}>${name}</label>`,
  )}</div>${aside}</div>
${choices.map(({ content }, at) => html`<div class="pull__out o-${at + 1}">${content}</div>`)}</section>`;
}
