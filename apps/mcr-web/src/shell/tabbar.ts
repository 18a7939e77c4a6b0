import { html } from 'hono/html';
import type { Session } from '../http/env.ts';
import { icon } from '../ui/icons.ts';
import type { Fragment } from '../ui/page.ts';
import { accountItems } from './account-menu.ts';
import type { Frame } from './frame.ts';
import { current, type Place, placesOf } from './places.ts';

/** As many as fit beside `More` on the narrowest phone. */
const shown = 4;

/** The navigation of phones, at the bottom: the first places, and the others in a menu. */
export function tabbar(frame: Frame, session: Session): Fragment {
  const places = placesOf(session).flatMap((group) => group.places);
  const tab = (place: Place) =>
    html`<a class="tabbar__item" href="${place.path}"${current(place, frame.url)}>${icon(place.icon)}<span>${place.name === 'Repositories' ? 'Repos' : place.name}</span></a>`;
  const item = (place: Place) =>
    html`<a class="menu__item" href="${place.path}"${current(place, frame.url)}>${icon(place.icon)}${place.name}</a>`;
  return html`<nav class="tabbar" aria-label="Main">${places.slice(0, shown).map(tab)}
<details class="menu" name="menu"><summary class="tabbar__item">${icon('menu')}<span>More</span></summary><div class="menu__list"><p class="menu__head">${session.username}</p>${places.slice(shown).map(item)}${accountItems(frame)}</div></details></nav>`;
}
