import { html } from 'hono/html';
import { size } from './format.ts';
import { repositoryPath } from './links.ts';
import type { Fragment } from './page.ts';
import { refText } from './refs.ts';

/** A repository and its size. */
export interface Bar {
  readonly name: string;
  readonly bytes: bigint;
}

/** Repositories with their sizes, as numbers and as proportional bars. */
export function barList(bars: readonly Bar[]): Fragment {
  const largest = Math.max(1, ...bars.map(({ bytes }) => Number(bytes)));
  return html`<ul class="bars">
${bars.map(
  ({
    name,
    bytes,
  }) => html`<li><a href="${repositoryPath(name)}"><span class="ref">${refText(name)}</span><span class="num">${size(bytes)}</span>
<svg class="bar-line" aria-hidden="true"><rect class="c5" width="100%" height="100%" rx="3"></rect><rect class="c2" width="${((Number(bytes) / largest) * 100).toFixed(2)}%" height="100%" rx="3"></rect></svg></a></li>`,
)}
</ul>`;
}
