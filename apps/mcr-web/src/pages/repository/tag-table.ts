import type { Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { age, size } from '../../ui/format.ts';
import { copyButton, digest, empty } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { repositoryPath, tagPath } from '../../ui/links.ts';
import { head, hiddenHead, pager, sortHead, table } from '../../ui/lists.ts';
import { kindOf } from '../../ui/media-types.ts';
import { menu, menuCopy, menuDelete } from '../../ui/menu.ts';
import type { Fragment } from '../../ui/page.ts';
import { tagName } from '../../ui/refs.ts';
import type { RepositoryProps } from './props.ts';

const maxPlatforms = 4;

/** The tags of a repository; admins can select tags to delete. */
export function tagList(props: RepositoryProps): Fragment {
  const { search, sort, tags, url } = props;
  const path = url.pathname;
  const isEmpty = tags === undefined || tags.tags.length === 0;
  return html`<form action="${path}" method="get" role="search" class="filters" hx-get="${path}" hx-trigger="input changed delay:250ms from:find input, submit" hx-target="#results" hx-select="#results" hx-swap="outerHTML" hx-sync="this:replace" hx-replace-url="true">
<label class="search">${icon('search')}<span class="vh">Tag contains</span><input class="input" type="search" name="q" value="${search}" placeholder="Tag contains" maxlength="128" autocomplete="off" spellcheck="false" data-search></label>
<input type="hidden" name="sort" value="${sort}"><button class="btn no-script">Filter</button></form>
<div id="results" aria-live="polite">
${isEmpty ? html`<div class="card">${nothing(props)}</div>` : selectable(props, tags.tags)}
<div class="below">${pager(url, tags?.nextPageToken ?? '')}</div>
</div>`;
}

function selectable(props: RepositoryProps, tags: readonly Tag[]): Fragment {
  const list = html`<div class="card">${tagTable(props, tags)}</div>`;
  if (!props.isAdmin) return list;
  return html`<form action="/delete-tags/${props.repository.name}" method="get" class="selection">${list}
<div class="bulk" role="region" aria-label="Selection"><span class="bulk__n"></span><button class="btn btn--sm btn--danger">${icon('trash')}Delete selected tags…</button></div></form>`;
}

function tagTable(props: RepositoryProps, tags: readonly Tag[]): Fragment {
  const { url, sort, isAdmin } = props;
  const all = html`<th role="columnheader" scope="col" class="w-check"><input class="check script" type="checkbox" data-select-all aria-label="Select all tags of this page"></th>`;
  const heads = [
    ...(isAdmin ? [all] : []),
    sortHead(url, sort, 'version', 'Tag', 'ascending'),
    head('Size', 'num w-size'),
    sortHead(url, sort, 'updated', 'Pushed', 'descending', 'w-time'),
    hiddenHead('Actions', 'w-acts'),
  ];
  const kind = `t-tags${isAdmin ? '' : ' t-tags--read'}`;
  return table(kind, heads, html`${tags.map((tag) => row(props, tag))}`);
}

function row({ repository, name, isAdmin, now }: RepositoryProps, tag: Tag): Fragment {
  const { details } = tag;
  const box = html`<td role="cell" class="a-check"><input class="check" type="checkbox" name="tag" value="${tag.name}" aria-label="Select ${tag.name}"></td>`;
  const reference = `${name}/${repository.name}:${tag.name}`;
  const path = `/delete-tags/${repository.name}?${new URLSearchParams({ tag: tag.name }).toString()}`;
  const items = [menuCopy(tag.digest, 'Copy the digest'), ...(isAdmin ? [menuDelete(path, 'Delete tag…')] : [])];
  return html`<tr role="row">${isAdmin ? box : ''}<td role="cell" class="name"><a class="strong" href="${tagPath(repository.name, tag.name)}">${tagName(tag.name)}</a><span class="sub">${digest(tag.digest)} · ${platforms(tag)}</span></td><td role="cell" class="num a-size">${size(details?.totalSize ?? 0n)}</td><td role="cell" class="a-push">${age(tag.updatedAt, now)}</td><td role="cell" class="acts">${copyButton(reference, `reference of ${tag.name}`)}${menu(`More for ${tag.name}`, items)}</td></tr>
`;
}

function platforms({ mediaType, details }: Tag): Fragment {
  const names = details?.platforms ?? [];
  if (names.length === 0) return html`${kindOf(mediaType, details?.artifactType)}`;
  const more = names.length - maxPlatforms;
  const short = names.slice(0, maxPlatforms).map((it) => it.replace(/^linux\//, ''));
  return html`<span title="${names.join(', ')}">${short.join(' ')}${more > 0 ? ` and ${more} more` : ''}</span>`;
}

function nothing({ search, name, repository }: RepositoryProps): Fragment {
  const all = html`<a class="link" href="${repositoryPath(repository.name)}">Show all tags</a>`;
  if (search !== '') return empty(`No tag name contains “${search}”`, all);
  return empty('No tags yet', 'A push makes the first:', `podman push ${name}/${repository.name}:1.0`, 'tag');
}
