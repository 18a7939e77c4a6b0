import type { BlobUse } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { bytesText, count, counted, size } from '../../ui/format.ts';
import { digest } from '../../ui/fragments.ts';
import type { Fragment } from '../../ui/page.ts';
import type { ManifestFacts } from './read-manifest.ts';

const barWidth = 1000;
const barHeight = 12;
const colors = 4;

/** The registry does not count further. */
const maxCounted = 1_000;

function usesText(repositories: number): string {
  return repositories < maxCounted ? count(repositories) : `${count(maxCounted)} or more`;
}

/** The layers: a proportional bar, and a table with the step of the history that created each. */
export function layerSection({ layers, config }: ManifestFacts, blobs: readonly BlobUse[]): Fragment {
  if (layers.length === 0) return html``;
  const total = layers.reduce((sum, layer) => sum + layer.size, 0);
  const uses = new Map(blobs.map((blob) => [blob.digest, blob.repositories]));
  const steps = config?.history.filter(({ isEmpty }) => !isEmpty) ?? [];
  return html`<section aria-labelledby="layers"><h2 id="layers">Layers</h2>
<p>${counted(layers.length, 'layer')}, ${bytesText(total)} compressed.</p>
${proportion(
  layers.map((layer) => layer.size),
  total,
)}
<table class="wide"><thead><tr><th scope="col" class="number">#</th><th scope="col">Created by</th><th scope="col">Digest</th><th scope="col" class="number">In repositories</th><th scope="col" class="number">Size</th></tr></thead><tbody>
${layers.map(
  (
    layer,
    at,
  ) => html`<tr id="layer-${at + 1}"><td class="number" data-label="Layer">${at + 1}</td><td data-label="Created by"><code class="step">${steps[at]?.command ?? layer.annotations.get('org.opencontainers.image.title') ?? layer.mediaType}</code></td>
<td data-label="Digest">${digest(layer.digest)}</td><td class="number" data-label="In repositories">${usesText(uses.get(layer.digest) ?? 0)}</td><td class="number" data-label="Size">${size(layer.size)}</td></tr>`,
)}
</tbody></table></section>`;
}

function proportion(sizes: readonly number[], total: number): Fragment {
  let x = 0;
  const parts = sizes.map((bytes, at) => {
    const width = total === 0 ? 0 : (bytes / total) * barWidth;
    const part = html`<rect class="part-${(at % colors) + 1}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="${barHeight}"><title>Layer ${at + 1}: ${bytesText(bytes)}</title></rect>`;
    x += width;
    return part;
  });
  const label = `Sizes of the layers in proportion: ${sizes
    .slice(0, 20)
    .map((bytes) => bytesText(bytes))
    .join(', ')}`;
  return html`<svg class="proportion" role="img" viewBox="0 0 ${barWidth} ${barHeight}" preserveAspectRatio="none" aria-label="${label}">${parts}</svg>`;
}
