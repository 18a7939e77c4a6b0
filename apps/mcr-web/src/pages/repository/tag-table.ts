import type { Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { pullCommands } from '../../ui/commands.ts';
import { age, size } from '../../ui/format.ts';
import { breakable, copyButton, digest, empty, pager, sortHead } from '../../ui/fragments.ts';
import { manifestPath, tagPath } from '../../ui/links.ts';
import { isRunnable, kindOf } from '../../ui/media-types.ts';
import type { Fragment } from '../../ui/page.ts';
import type { RepositoryProps } from './props.ts';

const maxPlatforms = 4;

/** The tags of a repository; admins can select tags to delete. */
export function tagTable(props: RepositoryProps): Fragment {
  const { repository, search, sort, tags, url, isAdmin } = props;
  const path = url.pathname;
  const nextPage = tags?.nextPageToken ?? '';
  return html`<form action="${path}" method="get" role="search" class="filter" hx-get="${path}" hx-trigger="input changed delay:250ms from:find input, submit" hx-target="#results" hx-select="#results" hx-swap="outerHTML" hx-sync="this:replace" hx-replace-url="true">
<label>Tag contains <input type="search" name="q" value="${search}" maxlength="128" autocomplete="off" spellcheck="false" data-search></label>
<input type="hidden" name="sort" value="${sort}"><button>Filter</button></form>
<div id="results" aria-live="polite">
${tags === undefined || tags.tags.length === 0 ? nothing(props) : isAdmin ? html`<form action="/delete-tags/${repository.name}" method="get">${table(props, tags.tags)}<p class="actions"><button data-needs-selection>Delete selected tags…</button></p></form>` : table(props, tags.tags)}
${pager(url, nextPage)}
</div>`;
}

function table(props: RepositoryProps, tags: readonly Tag[]): Fragment {
  const { url, sort, isAdmin } = props;
  return html`<table class="wide"><thead><tr>${isAdmin ? html`<th scope="col"><span class="hidden">Select</span></th>` : ''}${sortHead(url, sort, 'version', 'Tag', 'ascending')}<th scope="col">Digest</th><th scope="col">Platforms</th><th scope="col" class="number">Size</th>${sortHead(url, sort, 'updated', 'Pushed', 'descending')}<th scope="col">Copy to pull</th></tr></thead><tbody>
${tags.map((tag) => row(props, tag))}
</tbody></table>`;
}

function row({ repository, name, isAdmin, now }: RepositoryProps, tag: Tag): Fragment {
  const { details } = tag;
  const box = html`<td class="select"><input type="checkbox" name="tag" value="${tag.name}" aria-label="Select ${tag.name}"></td>`;
  return html`<tr>${isAdmin ? box : ''}<td><a href="${tagPath(repository.name, tag.name)}">${breakable(tag.name)}</a></td><td data-label="Digest">${digest(tag.digest, manifestPath(repository.name, tag.digest))}</td><td data-label="Platforms">${platforms(tag)}</td><td class="number" data-label="Size">${size(details?.totalSize ?? 0n)}</td><td class="number" data-label="Pushed">${age(tag.updatedAt, now)}</td><td class="copies" data-label="Copy to pull">${pullCommands(`${name}/${repository.name}:${tag.name}`, isRunnable(tag.mediaType, details?.artifactType)).map(([client, command]) => copyButton(command, `the ${client} command for ${tag.name}`, client))}</td></tr>`;
}

function platforms({ mediaType, details }: Tag): Fragment {
  const names = details?.platforms ?? [];
  if (names.length === 0) return html`<span class="muted">${kindOf(mediaType, details?.artifactType)}</span>`;
  const more = names.length - maxPlatforms;
  const shown = names.slice(0, maxPlatforms).join(', ');
  return html`<span title="${names.join(', ')}">${breakable(shown)}${more > 0 ? ` and ${more} more` : ''}</span>`;
}

function nothing({ search, name, repository }: RepositoryProps): Fragment {
  if (search !== '') return empty(`No tag name contains “${search}”.`);
  return empty('No tags yet. To push one:', `podman push ${name}/${repository.name}:1.0`);
}
