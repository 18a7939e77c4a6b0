import type { ListManifestsResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { repositoryVersion } from '../../live/topics.ts';
import { liveAddress } from '../../shell/news.ts';
import { facts, pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { age, count, size } from '../../ui/format.ts';
import { breakable, copyButton, digest, empty } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { manifestPath, newRulePath, pullersPath } from '../../ui/links.ts';
import { head, hiddenHead, pager, table, withQuery } from '../../ui/lists.ts';
import { kindOf } from '../../ui/media-types.ts';
import { menu, menuDelete, menuLink } from '../../ui/menu.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { refText, repositoryCrumbs } from '../../ui/refs.ts';
import { repositoryAside } from './aside.ts';
import { layerList } from './layer-list.ts';
import type { RepositoryProps } from './props.ts';
import { readmeView } from './readme.ts';
import { tagList } from './tag-table.ts';

/** A repository with its tags, or with all of its manifests. */
export function repositoryView(props: RepositoryProps): Page {
  const { repository, url, now } = props;
  const { name, tagCount, manifestCount, totalSize, lastPushAt } = repository;
  const about = facts([
    html`<span><b>${count(tagCount)}</b> ${tagCount === 1 ? 'tag' : 'tags'} of <b>${count(manifestCount)}</b> ${manifestCount === 1 ? 'manifest' : 'manifests'}</span>`,
    html`<b>${size(totalSize)}</b>`,
    html`<span>Last push <b>${age(lastPushAt, now)}</b></span>`,
  ]);
  const content = html`${pageHead(html`<span class="ref">${refText(name)}</span>`, about, actions(props))}
<nav class="tabs" aria-label="Views">
${tab(url, undefined, html`Tags <span>${count(tagCount)}</span>`, props.view === 'tags')}
${tab(url, 'manifests', html`Manifests <span>${count(manifestCount)}</span>`, props.view === 'manifests')}
${tab(url, 'layers', 'Layers', props.view === 'layers')}
${tab(url, 'readme', 'Readme', props.view === 'readme')}
</nav>
<div class="cols cols--aside"><div>
${viewOf(props)}</div>
${repositoryAside(props)}</div>`;
  return {
    title: name,
    crumbs: repositoryCrumbs(name),
    command: commandOf(props),
    live: liveAddress(`repositories/${name}`, repositoryVersion(repository)),
    content,
  };
}

function commandOf({ view, repository: { name } }: RepositoryProps): string {
  if (view === 'layers') return mcrctl('repo', 'layers', name);
  const isOfManifests = view === 'manifests';
  return mcrctl(isOfManifests ? 'manifest' : 'tag', 'list', name);
}

function actions({ repository, name, isAdmin, readsAudit }: RepositoryProps): Fragment {
  const reference = `${name}/${repository.name}`;
  const [team = ''] = repository.name.split('/', 1);
  const area = team === repository.name ? team : `${team}/**`;
  const items = [
    menuLink(pullersPath(repository.name), 'Who pulled from it'),
    menuLink(`/audit?${new URLSearchParams({ repository: repository.name }).toString()}`, 'Audit of this repository'),
  ];
  const forAdmins = [
    menuLink(newRulePath(area), `New rule for ${area}…`),
    html`<div class="menu__sep"></div>`,
    menuDelete(`/delete-repository/${repository.name}`, 'Delete repository…'),
  ];
  const more = menu('More for this repository', isAdmin ? [...items, ...forAdmins] : items);
  return html`<button type="button" class="btn copy" data-copy="${reference}">${icon('copy')}Copy reference</button>${readsAudit ? more : ''}`;
}

function viewOf(props: RepositoryProps): Fragment {
  if (props.layers !== undefined) return layerList(props, props.layers);
  if (props.view === 'readme') return readmeView(props.repository.name, props.readme);
  return props.manifests === undefined ? tagList(props) : manifestList(props, props.manifests);
}

function tab(url: URL, view: string | undefined, words: Fragment | string, isCurrent: boolean): Fragment {
  const href = withQuery(url, {
    view,
    page: undefined,
    q: undefined,
    sort: undefined,
    age: undefined,
    platform: undefined,
    signed: undefined,
  });
  return html`<a href="${href}"${isCurrent ? html` aria-current="page"` : ''}>${words}</a>`;
}

function manifestList({ repository, url, now }: RepositoryProps, list: ListManifestsResponse): Fragment {
  if (list.manifests.length === 0)
    return html`<div class="card">${empty('No manifests yet', 'A push makes the first.')}</div>`;
  const path = (value: string) => manifestPath(repository.name, value);
  const rows = list.manifests.map(
    (
      it,
    ) => html`<tr role="row"><td role="cell" class="name">${digest(it.digest, path(it.digest))}</td><td role="cell">${kindOf(it.mediaType, it.artifactType)}<span class="sub">${breakable(it.mediaType)}</span></td>
<td role="cell"${it.subject === undefined ? '' : html` data-label="Refers to"`}>${it.subject === undefined ? '' : digest(it.subject, path(it.subject))}</td><td role="cell" class="num" data-label="Size">${size(it.size)}</td><td role="cell" class="num" data-label="Pushed">${age(it.createdAt, now)}</td><td role="cell" class="acts">${copyButton(it.digest, `digest ${it.digest.slice(7, 19)}`)}</td></tr>
`,
  );
  const heads = [
    head('Digest', 'w-who'),
    head('Kind'),
    head('Refers to', 'w-time'),
    head('Manifest size', 'num w-size'),
    head('Pushed', 'num w-time'),
    hiddenHead('Copy', 'w-one'),
  ];
  return html`<div class="card">${table('', heads, html`${rows}`)}<div class="card__foot"><span>All manifests by digest, including untagged ones</span></div></div>
<div class="below">${pager(url, list.nextPageToken)}</div>`;
}
