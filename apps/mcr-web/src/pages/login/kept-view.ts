import { html } from 'hono/html';
import { type KeptForm, keptField } from '../../http/kept-form.ts';
import { pageHead } from '../../ui/card.ts';
import { csrfField } from '../../ui/forms.ts';
import type { Page } from '../../ui/page.ts';

/** Properties of the page. */
export interface KeptProps {
  readonly csrf: string;
  readonly kept: KeptForm;
  /** Where to go without it. */
  readonly next: string;
}

/** After a login that a form had to wait for: leads to the form, which is shown again with its fields. */
export function keptView({ csrf, kept, next }: KeptProps): Page {
  const about = 'The session had expired. What you entered was not sent: look at it again, and send it.';
  const content = html`${pageHead('You are signed in', about)}
<form method="post" action="${kept.path}" class="card form form--page narrow" data-go-on>${csrfField(csrf)}
<input type="hidden" name="${keptField}" value="1">
${kept.fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div class="form__acts"><button class="btn btn--primary">Show the form</button><a class="btn" href="${next}">Discard it</a></div></form>`;
  return { title: 'Signed in', crumbs: [{ text: 'Signed in' }], content };
}
