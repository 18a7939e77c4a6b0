import type { ListLayersResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { count, size } from '../../ui/format.ts';
import { copyButton, digest, empty } from '../../ui/fragments.ts';
import { head, hiddenHead, pager, table } from '../../ui/lists.ts';
import type { Fragment } from '../../ui/page.ts';
import type { RepositoryProps } from './props.ts';

/** The layers of the whole repository with what they weigh, and who shares them, the largest first. */
export function layerList({ url }: RepositoryProps, { layers, nextPageToken }: ListLayersResponse): Fragment {
  if (layers.length === 0)
    return html`<div class="card">${empty('No layers yet', 'A push makes the first.', undefined, 'layers')}</div>`;
  const rows = layers.map(
    ({ digest: value, size: bytes, images, repositories }) =>
      html`<tr role="row"><td role="cell" class="name">${digest(value)}</td><td role="cell" class="num" data-label="Size">${size(bytes)}</td><td role="cell" class="num" data-label="Manifests">${count(images)}</td><td role="cell"${repositories > 1 ? html` data-label="Shared with"` : ''}>${sharedWith(repositories)}</td><td role="cell" class="acts">${copyButton(value, `digest ${value.slice(7, 19)}`)}</td></tr>
`,
  );
  const heads = [
    head('Layer', 'w-who'),
    head('Size', 'num w-size'),
    head('Manifests', 'num w-time'),
    head('Shared with'),
    hiddenHead('Copy', 'w-one'),
  ];
  return html`<div class="card">${table('', heads, html`${rows}`)}<div class="card__foot"><span>Layers, configs and files of all manifests, the largest first. Sizes are as stored</span></div></div>
<div class="below">${pager(url, nextPageToken)}</div>`;
}

function sharedWith(repositories: number): Fragment {
  const others = repositories - 1;
  if (others < 1) return html`<span class="faint">only here</span>`;
  return html`${count(others)} other ${others === 1 ? 'repository' : 'repositories'}`;
}
