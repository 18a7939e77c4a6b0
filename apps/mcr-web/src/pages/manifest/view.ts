import { html } from 'hono/html';
import { facts as factRow, pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { age, bytesText, size } from '../../ui/format.ts';
import { badge, copyFromButton, shortDigest } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { comparePath } from '../../ui/links.ts';
import { kindOf } from '../../ui/media-types.ts';
import { menu, menuDelete } from '../../ui/menu.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { refText, repositoryCrumbs } from '../../ui/refs.ts';
import { documentCard } from '../files/document-card.ts';
import { manifestAside } from './aside.ts';
import { configFields, fold, historyFold, textFold } from './config-section.ts';
import { highlightJson } from './highlight-json.ts';
import { layerSection } from './layer-section.ts';
import type { ManifestProps } from './props.ts';
import { pullSection } from './pull.ts';
import { platformSection, referrerSection } from './related-sections.ts';

/** A manifest: how to pull it, its parts, what is attached to it, and its properties. */
export function manifestView(props: ManifestProps): Page {
  const { repository, reference, found } = props;
  const isDigest = reference.includes(':');
  const shown = isDigest ? shortDigest(reference) : reference;
  const suffix = `${isDigest ? '@' : ':'}${shown}`;
  const kind = kindOf(found.manifest?.mediaType ?? '', found.manifest?.artifactType);
  const content = html`${pageHead(html`<span class="ref">${refText(repository, suffix)}</span>`, about(props, kind), actions(props))}
<div class="cols cols--aside"><div class="stack">
${pullSection(props)}
${props.document === undefined ? '' : documentCard(props.document)}
${platformSection(props)}
${layerSection(props, kind)}
${referrerSection(props)}
${configSection(props, kind)}
</div>
${manifestAside(props)}</div>`;
  return {
    title: `${repository}${suffix}`,
    crumbs: repositoryCrumbs(repository, shown),
    command: mcrctl('manifest', 'get', `${repository}${isDigest ? '@' : ':'}${reference}`),
    content,
  };
}

function about({ found, facts, now }: ManifestProps, kind: string): Fragment {
  const platform = facts.config?.platform ?? '';
  return factRow([
    badge('neutral', kind),
    ...(platform === '' ? [] : [html`${platform}`]),
    html`<span><b>${size(found.totalSize)}</b>${facts.children.length > 0 ? ' with all platforms' : ''}</span>`,
    html`<span>Pushed <b>${age(found.manifest?.createdAt, now)}</b></span>`,
  ]);
}

function actions({ repository, reference, found, isAdmin }: ManifestProps): Fragment {
  const isAttached = found.manifest?.subject !== undefined;
  const compare = html`<a class="btn btn--primary" href="${comparePath(repository, reference)}">${icon('git-compare')}Compare</a>`;
  return html`${isAttached ? '' : compare}${isAdmin && !reference.includes(':') ? tagMenu(repository, reference) : ''}`;
}

function tagMenu(repository: string, reference: string): Fragment {
  const path = `/delete-tags/${repository}?${new URLSearchParams({ tag: reference }).toString()}`;
  return menu('More for this tag', [menuDelete(path, 'Delete tag…')]);
}

function configSection({ facts }: ManifestProps, kind: string): Fragment {
  const { config, annotations, json } = facts;
  const isImage = config !== undefined && kind === 'image';
  const copy = html`<div class="fold__acts">${copyFromButton('manifest-json', 'manifest')}</div>`;
  const title = isImage ? 'Configuration' : 'Content';
  return html`<section class="card card--flush" aria-labelledby="config"><div class="card__head"><h2 id="config">${title}</h2>${isImage ? html`<span class="card__note">${config.platform}</span>` : ''}</div>
${isImage ? configFields(config) : ''}
${isImage ? textFold('Labels', config.labels) : ''}
${textFold('Annotations', annotations)}
${isImage ? historyFold(config, facts.layers.length) : ''}
${fold('Manifest as JSON', bytesText(Buffer.byteLength(json)), html`${copy}<pre tabindex="0" aria-label="Manifest as JSON" class="json"><code id="manifest-json">${highlightJson(json)}</code></pre>`)}</section>`;
}
