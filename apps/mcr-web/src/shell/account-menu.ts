import { html } from 'hono/html';
import type { Theme } from '../http/env.ts';
import { csrfField } from '../ui/forms.ts';
import { icon } from '../ui/icons.ts';
import type { Fragment } from '../ui/page.ts';
import type { Frame } from './frame.ts';

const themes: readonly (readonly [Theme, string])[] = [
  ['auto', 'Auto'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

/** The user's own page, the colors, and the way out; for guests, the way in. */
export function accountItems(frame: Frame): Fragment {
  if (frame.session?.isGuest) {
    const login = `/login?${new URLSearchParams({ next: frame.here }).toString()}`;
    return html`<a class="menu__item" href="${login}">${icon('log-in')}Sign in</a>
<div class="menu__sep"></div><p class="menu__head">Colors</p>
${themeForm(frame)}`;
  }
  return html`<a class="menu__item" href="/me" data-key="m">${icon('user')}Your account</a>
<div class="menu__sep"></div><p class="menu__head">Colors</p>
${themeForm(frame)}
<div class="menu__sep"></div>
<form method="post" action="/logout">${csrfField(frame.csrf)}<button class="menu__item">${icon('log-out')}Sign out</button></form>`;
}

/** Chooses the colors: as the browser prefers, or fixed. */
export function themeForm({ theme, csrf, here }: Frame): Fragment {
  return html`<form method="post" action="/theme" class="seg" aria-label="Colors">${csrfField(csrf)}<input type="hidden" name="next" value="${here}">
${themes.map(([value, name]) => html`<button name="theme" value="${value}" aria-pressed="${String(value === theme)}">${name}</button>`)}
</form>`;
}
