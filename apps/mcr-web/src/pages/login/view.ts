import { html } from 'hono/html';
import { csrfField, problemNote } from '../../ui/forms.ts';
import type { Page } from '../../ui/page.ts';

/** Properties of the page. */
export interface LoginProps {
  readonly csrf: string;
  /** Where to go afterwards. */
  readonly next: string;
  /** The user name of the previous attempt. */
  readonly username: string;
  /** Why the previous attempt failed. */
  readonly problem?: string;
}

/** The login form. */
export function loginView({ csrf, next, username, problem }: LoginProps): Page {
  const content = html`<div class="login"><h1>Sign in</h1>
<p>This is a private registry for container images and other artifacts.</p>
${problemNote(problem)}
<form method="post" action="/login" class="stack">${csrfField(csrf)}
<input type="hidden" name="next" value="${next}">
<label>Name <input name="username" value="${username}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus></label>
<label>Password <input type="password" name="password" autocomplete="current-password" required></label>
<button class="primary">Sign in</button>
</form></div>`;
  return { title: 'Sign in', content };
}
