import { html } from 'hono/html';
import { clip, moreNote } from '../../ui/bounded.ts';
import { card } from '../../ui/card.ts';
import { stackedBar } from '../../ui/chart.ts';
import { bytesText, count, counted, size } from '../../ui/format.ts';
import { copyButton, shortDigest } from '../../ui/fragments.ts';
import { filePath } from '../../ui/links.ts';
import type { Fragment } from '../../ui/page.ts';
import { type BuildStep, buildSteps } from './build-steps.ts';
import type { ManifestProps } from './props.ts';
import { commandText } from './secrets.ts';

const colors = ['c1', 'c2', 'c3', 'c4'] as const;

/** The registry does not count further. */
const maxCounted = 1_000;
/** Images have at most 127 layers in practice; longer lists are not read by people. */
const maxRows = 300;

function usesText(repositories: number): string {
  if (repositories >= maxCounted) return `in ${count(maxCounted)} or more repositories`;
  return repositories <= 1 ? 'only here' : `in ${count(repositories)} repositories`;
}

/** The layers: a proportional bar, and the steps of the build with the layer that each created, if any. */
export function layerSection({ repository, found, facts }: ManifestProps, kind: string): Fragment {
  const { blobs, manifest } = found;
  const { layers } = facts;
  if (layers.length === 0) return html``;
  const total = layers.reduce((sum, layer) => sum + layer.size, 0);
  const uses = new Map(blobs.map((blob) => [blob.digest, blob.repositories]));
  const parts = layers.slice(0, maxRows).map((layer, at) => ({
    name: `${at + 1}`,
    value: layer.size,
    text: bytesText(layer.size),
    color: colors[at % colors.length] ?? 'c1',
  }));
  const steps = buildSteps(facts);
  const isImage = kind === 'image';
  const link = (blob: string) => (isImage ? undefined : filePath(repository, manifest?.digest ?? '', blob));
  const rows = steps.slice(0, maxRows).map((step) => row(step, uses, link));
  const [title, noun] = isImage ? ['Layers', 'layer'] : ['Files', 'file'];
  return card(
    'layers',
    title,
    html`<div class="card__body">${stackedBar(parts, ' bar--lg')}</div><ol class="layers">${rows}</ol>${moreNote(steps.length, rows.length)}`,
    `${counted(layers.length, noun)}, ${bytesText(total)} compressed`,
  );
}

type Link = (blob: string) => string | undefined;

function row({ command, layer, number }: BuildStep, uses: ReadonlyMap<string, number>, link: Link): Fragment {
  if (layer === undefined) {
    return html`<li class="layer layer--none"><span class="layer__n"></span><code class="layer__cmd">${commandText(command)}</code><span class="layer__shared">no layer</span></li>
`;
  }
  const short = shortDigest(layer.digest);
  const href = link(layer.digest);
  const name = href === undefined ? commandText(command) : html`<a class="link" href="${href}">${clip(command)}</a>`;
  return html`<li class="layer" id="layer-${number}"><span class="layer__n">${number}</span><code class="layer__cmd" title="${layer.digest}">${name}</code><span class="layer__shared">${usesText(uses.get(layer.digest) ?? 0)}</span><span class="layer__size num">${size(layer.size)}</span>${copyButton(layer.digest, `digest ${short}`)}</li>
`;
}
