import { html } from 'hono/html';
import { type KeptForm, keptField } from '../../http/kept-form.ts';
import type { SignInProvider } from '../../registry/sign-in-providers.ts';
import { csrfField, problemNote, textField } from '../../ui/forms.ts';
import type { Page } from '../../ui/page.ts';

/** Properties of the page. */
export interface LoginProps {
  readonly csrf: string;
  /** Host of this UI as its users know it. */
  readonly host: string;
  /** Where to go afterwards. */
  readonly next: string;
  /** The user name of the previous attempt. */
  readonly username: string;
  /** Where people can sign in beside this form. */
  readonly providers: readonly SignInProvider[];
  /** Why the previous attempt failed. */
  readonly problem?: string;
  /** What was entered into a form before the session expired. */
  readonly kept?: KeptForm | undefined;
}

function query(sso: string, next: string): string {
  return new URLSearchParams(next === '/' ? { sso } : { sso, next }).toString();
}

const expired =
  'The session has expired, and nothing was sent. Sign in with your name and password to see what you entered again.';

/** The login form. */
export function loginView({ csrf, host, next, username, problem, providers, kept }: LoginProps): Page {
  const nameAttributes = { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true };
  const content = html`<div class="login"><h1>Sign in to ${host}</h1>
<p class="muted">A private registry for container images and other artifacts.</p>
${problemNote(problem ?? (kept === undefined ? undefined : expired))}
<form method="post" action="/login">${csrfField(csrf)}
${kept === undefined ? '' : html`<input type="hidden" name="${keptField}" value="${JSON.stringify(kept)}">`}
<input type="hidden" name="next" value="${next}">
${textField('Name', { name: 'username', value: username, ...nameAttributes, autofocus: true })}
${textField('Password', { type: 'password', name: 'password', autocomplete: 'current-password', required: true })}
<button class="btn btn--primary btn--wide">Sign in</button>
</form>
${providers.map(({ name, title }) => html`<a class="btn btn--wide" href="/login?${query(name, next)}">Sign in with ${title}</a>`)}</div>`;
  return { title: 'Sign in', content };
}
