import { html } from 'hono/html';
import { icon } from '../ui/icons.ts';
import type { Fragment } from '../ui/page.ts';

/**
 * The place where a script says what is new since the page was made, and offers to show it: it lies above the page, so
 * that nothing moves. `live` is the address of the stream.
 */
export function newsPlace(live: string): Fragment {
  return html`<div id="news" class="news" role="status" data-live="${live}"><div class="news__in" hidden>${icon('bell')}<span class="news__words" data-words></span><button type="button" class="btn btn--sm" data-show>Show</button></div></div>`;
}

/** The address of the stream about a topic, for a page that shows one version of it. */
export function liveAddress(topic: string, seen: string): string {
  return `/live/${topic}?${new URLSearchParams({ seen }).toString()}`;
}
