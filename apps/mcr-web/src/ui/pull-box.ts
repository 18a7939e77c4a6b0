import { html } from 'hono/html';
import { csrfField } from './forms.ts';
import type { Fragment } from './page.ts';

/** One of several things to choose from, and what it shows. */
export interface Choice {
  readonly name: string;
  readonly content: Fragment;
}

/** What a box needs to remember the choice. */
export interface Remembering {
  /** Earlier choices, the last one first. */
  readonly chosen: readonly string[];
  readonly csrf: string;
  /** Path of the page, to return to without a script. */
  readonly here: string;
}

/** What a box of commands shows. */
interface PullBox {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  /** Whether it offers names by tag and by digest, in elements of the classes `by-tag` and `by-digest`. */
  readonly isByBoth?: boolean;
}

/**
 * Contents to choose from by tabs, which are radios: they work without a script. The choice is remembered by a script, or
 * by the button of the form.
 */
export function pullBox({ id, label, choices, isByBoth = false }: PullBox, remembering: Remembering): Fragment {
  const { chosen, csrf, here } = remembering;
  const values = choices.map(({ name }) => name.toLowerCase());
  const marked = chosen.find((name) => values.includes(name)) ?? values[0];
  const tabs = choices.map(
    ({ name }, at) =>
      html`<label><input class="vh" type="radio" name="client" value="${values[at]}" data-at="${at + 1}"${checked(values[at] === marked)}>${name}</label>`,
  );
  return html`<section class="card pull" id="${id}" aria-label="${label}"><form class="pull__bar" method="post" action="/pull" data-remember>${csrfField(csrf)}<input type="hidden" name="next" value="${here}"><div class="pull__tabs" role="radiogroup" aria-label="Client">${tabs}</div>${isByBoth ? byRadios(chosen) : ''}<button class="btn btn--sm no-script">Remember</button></form>
${choices.map(({ content }, at) => html`<div class="pull__out o-${at + 1}">${content}</div>`)}</section>`;
}

function byRadios(chosen: readonly string[]): Fragment {
  const isByDigest = chosen.find((name) => name === 'tag' || name === 'digest') === 'digest';
  return html`<div class="seg" role="radiogroup" aria-label="Name it by"><label><input class="vh" type="radio" name="by" value="tag"${checked(!isByDigest)}>By tag</label><label><input class="vh" type="radio" name="by" value="digest"${checked(isByDigest)}>By digest</label></div>`;
}

function checked(isChecked: boolean): Fragment {
  return isChecked ? html` checked` : html``;
}
