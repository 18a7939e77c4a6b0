import { html } from 'hono/html';
import type { Fragment } from './page.ts';

/** The token that every form that changes something includes. */
export function csrfField(token: string): Fragment {
  return html`<input type="hidden" name="csrf" value="${token}">`;
}

/** Why a form was rejected; nothing if it was not. */
export function problemNote(problem: string | undefined): Fragment {
  return problem === undefined ? html`` : html`<p class="notice bad" role="alert">${problem}</p>`;
}

/** Choices: value and text. */
export type Choice = readonly [value: string, words: string];

/** A menu with a label. */
export function select(name: string, label: string, value: string, choices: readonly Choice[]): Fragment {
  return html`<label>${label} <select name="${name}">
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
  return html`<fieldset><legend>${label}</legend>
${choices.map(([key, words]) => html`<label class="check"><input type="checkbox" name="${name}" value="${key}"${checked.includes(key) ? html` checked` : ''}> ${words}</label>`)}
</fieldset>`;
}
