import { html } from 'hono/html';
import { size } from './format.ts';
import { breakable } from './fragments.ts';
import type { Fragment } from './page.ts';

/** Something with a size, and its page. */
export interface Bar {
  readonly name: string;
  readonly href: string;
  readonly bytes: bigint;
}

const scale = 100;

/** Sizes next to each other: names and numbers, with a proportional bar. */
export function barList(bars: readonly Bar[]): Fragment {
  const largest = Math.max(1, ...bars.map(({ bytes }) => Number(bytes)));
  return html`<table class="plain bars"><thead><tr><th scope="col">Name</th><th scope="col">Share</th><th scope="col" class="number">Size</th></tr></thead><tbody>
${bars.map(
  ({ name, href, bytes }) => html`<tr><td><a href="${href}">${breakable(name)}</a></td>
<td><svg class="bar-line" viewBox="0 0 ${scale} 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${((Number(bytes) / largest) * scale).toFixed(2)}" height="8"></rect></svg></td>
<td class="number">${size(bytes)}</td></tr>`,
)}
</tbody></table>`;
}
