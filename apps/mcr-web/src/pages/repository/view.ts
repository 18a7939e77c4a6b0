import type { ListManifestsResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { mcrctl } from '../../ui/commands.ts';
import { age, count, counted, size } from '../../ui/format.ts';
import { csrfField, problemNote } from '../../ui/forms.ts';
import { breakable, copyLine, digest, empty, pager, withQuery } from '../../ui/fragments.ts';
import { manifestPath, repositoryPath } from '../../ui/links.ts';
import { kindOf } from '../../ui/media-types.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import type { RepositoryProps } from './props.ts';
import { tagTable } from './tag-table.ts';

/** A repository with its tags, or with all of its manifests. */
export function repositoryView(props: RepositoryProps): Page {
  const { repository, uniqueSize, name, url, isAdmin, now } = props;
  const shared = repository.totalSize > uniqueSize ? repository.totalSize - uniqueSize : 0n;
  const content = html`${breadcrumb(repository.name)}
<h1>${breakable(repository.name)}</h1>
${repository.description === undefined ? '' : html`<p>${repository.description}</p>`}
<p>${copyLine(`${name}/${repository.name}`, 'name')}</p>
${isAdmin ? descriptionForm(props) : ''}
<dl class="figures">
<div><dt>Tags</dt><dd>${count(repository.tagCount)}</dd></div>
<div><dt>Manifests</dt><dd>${count(repository.manifestCount)}</dd></div>
<div><dt>Size</dt><dd>${size(repository.totalSize)}</dd><dd class="muted">${size(shared)} of it shared with other repositories</dd></div>
<div><dt>Last push</dt><dd>${age(repository.lastPushAt, now)}</dd></div>
</dl>
<nav class="tabs" aria-label="Views"><ul>
${tab(url, undefined, 'Tags', props.tags !== undefined)}
${tab(url, 'manifests', 'Manifests', props.manifests !== undefined)}
${isAdmin ? html`<li class="end"><a href="/delete-repository/${repository.name}">Delete repository…</a></li>` : ''}
</ul></nav>
${props.manifests === undefined ? tagTable(props) : manifestTable(props, props.manifests)}`;
  return {
    title: repository.name,
    command: mcrctl(props.manifests === undefined ? 'tag' : 'manifest', 'list', repository.name),
    content,
  };
}

function descriptionForm({ repository, csrf, typed }: RepositoryProps): Fragment {
  const { name, description } = repository;
  const words = description === undefined ? 'Add a description…' : 'Change the description…';
  return html`<details${typed === undefined ? '' : html` open`}><summary>${words}</summary>
<form method="post" action="${repositoryPath(name)}" class="stack">${csrfField(csrf)}${problemNote(typed?.problem)}
<label>Description <input name="description" maxlength="500" value="${typed?.description ?? description ?? ''}"></label>
<button>Save description</button></form></details>`;
}

/** The path of a repository: each part of its name links to everything below it. */
export function breadcrumb(name: string, last?: string): Fragment {
  const parts = name.split('/');
  const links = parts.map((part, at) => {
    const path = parts.slice(0, at + 1).join('/');
    const href =
      at === parts.length - 1
        ? repositoryPath(name)
        : `/repositories?${new URLSearchParams({ q: `${path}/` }).toString()}`;
    return html`<li><a href="${href}">${part}</a></li>`;
  });
  return html`<nav class="breadcrumb" aria-label="Breadcrumb"><ol><li><a href="/repositories">Repositories</a></li>${links}${last === undefined ? '' : html`<li aria-current="page">${last}</li>`}</ol></nav>`;
}

function tab(url: URL, view: string | undefined, words: string, isCurrent: boolean): Fragment {
  const href = withQuery(url, { view, page: undefined, q: undefined, sort: undefined });
  return html`<li><a href="${href}"${isCurrent ? html` aria-current="page"` : ''}>${words}</a></li>`;
}

function manifestTable({ repository, url, now }: RepositoryProps, list: ListManifestsResponse): Fragment {
  if (list.manifests.length === 0) return empty('No manifests yet.');
  return html`<p class="muted">${counted(repository.manifestCount, 'manifest')} by digest, including untagged ones.</p>
<table class="wide"><thead><tr><th scope="col">Digest</th><th scope="col">Kind</th><th scope="col">Media type</th><th scope="col">Refers to</th><th scope="col" class="number">Manifest size</th><th scope="col" class="number">Pushed</th></tr></thead><tbody>
${list.manifests.map(
  (
    it,
  ) => html`<tr><td>${digest(it.digest, manifestPath(repository.name, it.digest))}</td><td data-label="Kind">${kindOf(it.mediaType, it.artifactType)}</td><td data-label="Media type"><code>${breakable(it.mediaType)}</code></td>
<td data-label="Refers to">${it.subject === undefined ? '' : digest(it.subject, manifestPath(repository.name, it.subject))}</td><td class="number" data-label="Size">${size(it.size)}</td><td class="number" data-label="Pushed">${age(it.createdAt, now)}</td></tr>`,
)}
</tbody></table>
${pager(url, list.nextPageToken)}`;
}
