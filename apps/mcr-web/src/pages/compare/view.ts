import { html } from 'hono/html';
import { moreNote } from '../../ui/bounded.ts';
import { pageHead, stats } from '../../ui/card.ts';
import { bytesText, count, counted, size } from '../../ui/format.ts';
import { empty, shortDigest } from '../../ui/fragments.ts';
import { withQuery } from '../../ui/lists.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { refText, repositoryCrumbs, tagName } from '../../ui/refs.ts';
import { commandText } from '../manifest/secrets.ts';
import { configCards, namesText } from './config-cards.ts';
import { type ConfigChanges, changesOf, configChanges } from './config-changes.ts';
import { type LayerChange, layerChanges } from './layer-changes.ts';
import { packageCard } from './package-card.ts';
import type { CompareProps, Side } from './props.ts';

const maxRows = 300;

/** Two tags or digests of a repository: what a client of the one would fetch, and what changed. */
export function compareView(props: CompareProps): Page {
  const { repository, from, to, sides } = props;
  const title = sides === undefined ? 'Compare' : `${shortName(from)}…${shortName(to)}`;
  return {
    title: `${repository} ${title}`,
    crumbs: repositoryCrumbs(repository, title),
    content: sides === undefined ? nothing(props) : comparison(props, sides),
  };
}

function nothing(props: CompareProps): Fragment {
  const text = 'Choose two tags or digests. A repository with one image has no version to compare it with.';
  return html`${pageHead(html`<span class="ref">${refText(props.repository)}</span>`, '', picker(props))}
<section class="card">${empty('Nothing to compare', text)}</section>`;
}

function comparison(props: CompareProps, sides: readonly [Side, Side]): Fragment {
  const { repository, from, to } = props;
  const [before, after] = sides;
  const layers = layerChanges(before.facts, after.facts);
  const config = configChanges(before.facts, after.facts);
  const packages = props.packages && changesOf(...props.packages);
  const name = html`<span class="ref">${refText(repository)}</span> <span class="cmp__h">${tagName(shortName(from))} <span class="faint" aria-label="to">→</span> ${tagName(shortName(to))}</span>`;
  return html`${pageHead(name, html`<p class="head__sub">${summary(sides, layers)}</p>`, picker(props))}
<div class="stack">
${figures(sides, layers, config)}
${layerCard(props, sides, layers)}
${packages === undefined ? '' : packageCard(packages)}
${configCards(config, before.facts, after.facts)}
</div>`;
}

/** A tag as it is; digests in short. */
function shortName(reference: string): string {
  return reference.includes(':') ? shortDigest(reference) : reference;
}

function summary([before, after]: readonly [Side, Side], layers: readonly LayerChange[]): Fragment {
  if (before.found.manifest?.digest === after.found.manifest?.digest) return html`Both are the same image.`;
  const number = (kind: LayerChange['kind']) => layers.filter((change) => change.kind === kind).length;
  const words = (['same', 'changed', 'added', 'removed'] as const)
    .filter((kind) => number(kind) > 0)
    .map((kind) =>
      kind === 'same'
        ? counted(number(kind), 'layer is the same', 'layers are the same')
        : `${count(number(kind))} ${kind}`,
    );
  const fetched = layers.filter(({ kind }) => kind === 'changed' || kind === 'added').map(({ to }) => to?.size ?? 0);
  const sum = fetched.reduce((total, bytes) => total + bytes, 0);
  const parts = words.length === 0 ? '' : `${words.join(', ')}. `;
  return html`${parts}A client that has the first one fetches <b class="strong">${bytesText(sum)}</b> for the second.`;
}

function picker({ url, from, to, tags }: CompareProps): Fragment {
  const input = (name: string, label: string, value: string) =>
    html`<label class="field"><span>${label}</span><input class="input" name="${name}" value="${value}" list="tags" required maxlength="200" autocomplete="off" spellcheck="false"></label>`;
  return html`<form class="cmp__pick" action="${url.pathname}">${input('a', 'From', from)}${input('b', 'To', to)}<datalist id="tags">${tags.map((tag) => html`<option value="${tag}"></option>`)}</datalist><button class="btn">Compare</button></form>`;
}

function figures(
  [before, after]: readonly [Side, Side],
  layers: readonly LayerChange[],
  { fields, env, labels }: ConfigChanges,
): Fragment {
  const [old, current] = [Number(before.found.totalSize), Number(after.found.totalSize)];
  const changed = layers.filter(({ kind }) => kind !== 'same').length;
  const values = [...fields.changed, ...env.changed];
  return stats('Difference', [
    {
      name: 'Size',
      value: `${current === old ? '±' : current > old ? '+' : '−'}${bytesText(Math.abs(current - old))}`,
      note: `${bytesText(old)} to ${bytesText(current)}${after.platform === '' ? '' : ` on ${after.platform}`}`,
    },
    {
      name: 'Layers',
      value: count(changed),
      note: `differ; ${counted(layers.length - changed, 'is', 'are')} the same`,
    },
    {
      name: 'Configuration',
      value: count(values.length),
      note: values.length === 0 ? 'everything is equal' : namesText(values),
    },
    { name: 'Labels', value: count(labels.changed.length), note: `${counted(labels.equal, 'is', 'are')} equal` },
  ]);
}

function layerCard(
  { url, platforms }: CompareProps,
  [before, after]: readonly [Side, Side],
  layers: readonly LayerChange[],
): Fragment {
  if (layers.length === 0) return html``;
  const rows = layers.slice(0, maxRows).map(
    ({ kind, command, from, to }) =>
      html`<li class="cmp cmp--${kind}"><span class="cmp__k">${kind}</span><code class="layer__cmd">${commandText(command)}</code><span class="num">${from === undefined ? '' : size(from.size)}</span><span class="num">${to === undefined ? '' : size(to.size)}</span></li>
`,
  );
  const choice = platforms.map(
    (platform) =>
      html`<a href="${withQuery(url, { platform })}"${platform === after.platform ? html` aria-current="true"` : ''}>${platform}</a>`,
  );
  const note =
    platforms.length > 1
      ? html`<nav class="seg" aria-label="Platform">${choice}</nav>`
      : html`<span class="card__note">${before.platform === after.platform ? after.platform : `${before.platform} and ${after.platform}`}</span>`;
  const heads = html`<li class="cmp cmp--h" aria-hidden="true"><span></span><span></span><span class="num">Before</span><span class="num">After</span></li>`;
  return html`<section class="card" aria-labelledby="layers"><div class="card__head"><h2 id="layers">Layers</h2>${note}</div>
<ol>${heads}${rows}</ol>${moreNote(layers.length, maxRows)}</section>`;
}
