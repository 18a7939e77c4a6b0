import { html } from 'hono/html';
import type { Session } from '../http/env.ts';
import { icon, mark } from '../ui/icons.ts';
import type { Fragment } from '../ui/page.ts';
import { accountItems } from './account-menu.ts';
import type { Frame } from './frame.ts';
import { current, type Place, type PlaceGroup, placesOf } from './places.ts';

/** The navigation at the left edge; narrow windows show its icons only. */
export function rail(frame: Frame, session: Session): Fragment {
  const { url, host } = frame;
  const item = (place: Place) =>
    html`<a class="rail__item" href="${place.path}" data-key="${place.key}" title="${place.name} (g ${place.key})"${current(place, url)}>${icon(place.icon)}<span>${place.name}</span></a>`;
  const group = ({ title, places }: PlaceGroup) =>
    html`${title === undefined ? '' : html`<p class="rail__group">${title}</p>`}${places.map(item)}`;
  return html`<aside class="rail" aria-label="Places"><a class="rail__home" href="/" title="${host}">${mark()}<span>${host}</span></a>
<nav class="rail__nav" aria-label="Main">${placesOf(session).map(group)}</nav>
<div class="rail__foot"><details class="menu" name="menu"><summary class="rail__who" title="${session.isGuest ? 'Sign in, colors' : html`${session.username}: account, colors, sign out`}"><span class="avatar" aria-hidden="true">${session.username.slice(0, 1)}</span><span class="rail__name">${session.username}</span>${icon('settings', 'sm')}</summary>
<div class="menu__list">${accountItems(frame)}</div></details></div></aside>`;
}
