import { html } from 'hono/html';
import type { Fragment } from './page.ts';

/** The token that every form that changes something includes. */
export function csrfField(token: string): Fragment {
  return html`<input type="hidden" name="csrf" value="${token}">`;
}

/** Why a form was rejected; nothing if it was not. */
export function problemNote(problem: string | undefined): Fragment {
  return problem === undefined ? html`` : html`<p class="problem" role="alert">${problem}</p>`;
}

/**
 * Attributes of a form on the page of its list. A script puts the list with the new row, the message, and what `places` selects, the
 * form among it, into the page. While a request is on its way, no other one is sent.
 */
export function createsInPlace(path: string, ...places: readonly string[]): Fragment {
  const more = ['#flash:innerHTML', ...places].join(',');
  return html` hx-post="${path}" hx-target="#list" hx-select="#list" hx-swap="outerHTML" hx-select-oob="${more}" hx-sync="this:drop" hx-disabled-elt="find .btn--primary" hx-disinherit="*"`;
}

/** The form of the card beside a list. */
export const createForm = '#create-form';

/** Attributes of a text input. */
type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A line of text with its label; `true` is an attribute without value. */
export function textField(label: Fragment | string, attributes: Attributes, classes = ''): Fragment {
  return html`<label class="field${classes === '' ? '' : ` ${classes}`}"><span>${label}</span><input class="input"${attributesOf(attributes)}></label>`;
}

/** Attributes of fields that take names instead of prose. */
export const plain: Attributes = { autocomplete: 'off', spellcheck: 'false' };

/** Choices: value and text. */
export type Choice = readonly [value: string, words: string];

/** A list to choose one of, with its label. */
export function select(name: string, label: string, value: string, choices: readonly Choice[]): Fragment {
  return html`<label class="field"><span>${label}</span><select class="input" name="${name}">
${choices.map(([key, words]) => html`<option value="${key}"${key === value ? html` selected` : ''}>${words}</option>`)}
</select></label>`;
}

/** Check boxes of one field, in a group. */
export function checkboxes(
  name: string,
  label: string,
  checked: readonly string[],
  choices: readonly Choice[],
): Fragment {
  return html`<fieldset class="field"><legend>${label}</legend><div class="choices">
${choices.map(([key, words]) => checkbox(name, key, words, checked.includes(key)))}
</div></fieldset>`;
}

/** A check box with its label. */
export function checkbox(name: string, value: string, words: string, isChecked: boolean, more = html``): Fragment {
  return html`<label class="choice"><input class="check" type="checkbox" name="${name}" value="${value}"${isChecked ? html` checked` : ''}${more}> ${words}</label>`;
}

/** A switch that submits its form; its label says what pressing it does. */
export function switchButton(name: string, isOn: boolean, label: string, id: string): Fragment {
  return html`<button id="${id}" class="switch" name="${name}" value="${String(!isOn)}" role="switch" aria-checked="${String(isOn)}" aria-label="${label}" title="${label}"></button>`;
}

function attributesOf(attributes: Attributes): Fragment {
  const present = Object.entries(attributes).filter(([, value]) => value !== false);
  return html`${present.map(([name, value]) => (value === true ? html` ${name}` : html` ${name}="${value}"`))}`;
}
