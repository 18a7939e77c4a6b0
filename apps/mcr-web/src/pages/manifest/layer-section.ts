import type { BlobUse } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { card } from '../../ui/card.ts';
import { stackedBar } from '../../ui/chart.ts';
import { bytesText, count, counted, size } from '../../ui/format.ts';
import { copyButton, shortDigest } from '../../ui/fragments.ts';
import type { Fragment } from '../../ui/page.ts';
import type { ManifestFacts } from './read-manifest.ts';
import { commandText } from './secrets.ts';

const colors = ['c1', 'c2', 'c3', 'c4'] as const;

/** The registry does not count further. */
const maxCounted = 1_000;

function usesText(repositories: number): string {
  if (repositories >= maxCounted) return `in ${count(maxCounted)} or more repositories`;
  return repositories <= 1 ? 'only here' : `in ${count(repositories)} repositories`;
}

/** The layers: a proportional bar, and the step of the history that created each. */
export function layerSection({ layers, config }: ManifestFacts, blobs: readonly BlobUse[], kind: string): Fragment {
  if (layers.length === 0) return html``;
  const total = layers.reduce((sum, layer) => sum + layer.size, 0);
  const uses = new Map(blobs.map((blob) => [blob.digest, blob.repositories]));
  const steps = config?.history.filter(({ isEmpty }) => !isEmpty) ?? [];
  const parts = layers.map((layer, at) => ({
    name: `${at + 1}`,
    value: layer.size,
    text: bytesText(layer.size),
    color: colors[at % colors.length] ?? 'c1',
  }));
  const rows = layers.map((layer, at) => {
    const title = layer.annotations.get('org.opencontainers.image.title');
    const command = steps[at]?.command ?? title ?? layer.mediaType;
    const short = shortDigest(layer.digest);
    return html`<li class="layer" id="layer-${at + 1}"><span class="layer__n">${at + 1}</span><code class="layer__cmd" title="${layer.digest}">${commandText(command)}</code><span class="layer__shared">${usesText(uses.get(layer.digest) ?? 0)}</span><span class="layer__size num">${size(layer.size)}</span>${copyButton(layer.digest, `digest ${short}`)}</li>
`;
  });
  const [title, noun] = kind === 'image' ? ['Layers', 'layer'] : ['Files', 'file'];
  return card(
    'layers',
    title,
    html`<div class="card__body">${stackedBar(parts, ' bar--lg')}</div><ol class="layers">${rows}</ol>`,
    `${counted(layers.length, noun)}, ${bytesText(total)} compressed`,
  );
}
