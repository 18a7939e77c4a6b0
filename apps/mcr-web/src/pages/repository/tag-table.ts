import type { Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { counted } from '../../ui/format.ts';
import { type Choice, select } from '../../ui/forms.ts';
import { empty } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { repositoryPath } from '../../ui/links.ts';
import { head, hiddenHead, pager, sortHead, table } from '../../ui/lists.ts';
import type { Fragment } from '../../ui/page.ts';
import type { RepositoryProps } from './props.ts';
import { ages, filterWords, isEverything, isPattern, platforms, type TagFilter } from './tag-filter.ts';
import { groupTags, imageRow, marksLegend } from './tag-rows.ts';

/** The images of a repository by their tags; admins can select tags to delete, or all that match the filter. */
export function tagList(props: RepositoryProps): Fragment {
  const { sort, filter, tags, url } = props;
  const path = url.pathname;
  const isEmpty = tags === undefined || tags.tags.length === 0;
  return html`<form action="${path}" method="get" role="search" class="filters" hx-get="${path}" hx-trigger="input changed delay:250ms from:find input, change, submit" hx-target="#results" hx-select="#results" hx-swap="outerHTML" hx-sync="this:replace" hx-replace-url="true">
<label class="search">${icon('search')}<span class="vh">Tag contains, or pattern such as pr-*</span><input class="input" type="search" name="q" value="${filter.q}" placeholder="Filter: 1.2 or pr-*" maxlength="128" autocomplete="off" spellcheck="false" data-search></label>
${choices(filter)}
<input type="hidden" name="sort" value="${sort}"><button class="btn no-script">Filter</button></form>
<div id="results" aria-live="polite">
${matching(props)}
${isEmpty ? html`<div class="card">${nothing(props)}</div>` : selectable(props, tags.tags)}
<div class="below">${pager(url, tags?.nextPageToken ?? '')}</div>
</div>`;
}

function choices({ age, platform, signed }: TagFilter): Fragment {
  const known = [...new Set([...platforms, ...(platform === '' ? [] : [platform])])];
  const days = ages.map((it): Choice => [it, `older than ${it} days`]);
  return html`${select('age', 'Pushed', age, [['', 'at any time'], ...days])}
${select('platform', 'Platform', platform, [['', 'any'], ...known.map((it): Choice => [it, it])])}
${select('signed', 'Signature', signed, [
  ['', 'with or without'],
  ['yes', 'signed'],
  ['no', 'not signed'],
])}`;
}

/** How many tags a filter leaves, and for admins the way to delete them all. */
function matching(props: RepositoryProps): Fragment {
  const { tags, isAdmin, repository } = props;
  const matches = tags?.matches;
  if (matches === undefined || matches.count === 0) return html``;
  const words = counted(matches.count, 'tag');
  const more = matches.hasMore ? ' and more' : '';
  const link = html`<a class="link" href="/delete-tags/${repository.name}?${allQuery(props)}">Select ${matches.hasMore ? 'the first' : 'all'} ${matches.count} that match…</a>`;
  return html`<p class="matching">${words}${more} ${matches.count === 1 ? 'matches' : 'match'} ${filterWords(props.filter)}. ${isAdmin ? link : ''}</p>`;
}

/** The filter as parameters of the page that plans a deletion. */
function allQuery({ filter }: RepositoryProps): string {
  const used = Object.entries(filter).filter(([, value]) => value !== '');
  return new URLSearchParams([['all', '1'], ...used]).toString();
}

function selectable(props: RepositoryProps, tags: readonly Tag[]): Fragment {
  const list = html`<div class="card">${tagTable(props, tags)}${marksLegend(tags)}</div>`;
  if (!props.isAdmin) return list;
  const matches = props.tags?.matches;
  const all =
    matches === undefined
      ? ''
      : html`<a class="link" href="/delete-tags/${props.repository.name}?${allQuery(props)}">Select ${matches.hasMore ? 'the first' : 'all'} ${matches.count} that match</a>`;
  return html`<form action="/delete-tags/${props.repository.name}" method="get" class="selection">${list}
<div class="bulk" role="region" aria-label="Selection"><span class="bulk__n"></span>${all}<button class="btn btn--sm btn--danger">${icon('trash')}Delete selected tags…</button></div></form>`;
}

function tagTable(props: RepositoryProps, tags: readonly Tag[]): Fragment {
  const { url, sort, isAdmin } = props;
  const all = html`<th role="columnheader" scope="col" class="w-check"><input class="check script" type="checkbox" data-select-all aria-label="Select all tags of this page"></th>`;
  const heads = [
    ...(isAdmin ? [all] : []),
    sortHead(url, sort, 'version', 'Image and its tags', 'descending'),
    head('Attached', 'w-marks'),
    head('Size', 'num w-size'),
    head('Last pull', 'w-time'),
    sortHead(url, sort, 'updated', 'Pushed', 'descending', 'w-time'),
    hiddenHead('Actions', 'w-acts'),
  ];
  const kind = `t-tags${isAdmin ? '' : ' t-tags--read'}`;
  return table(kind, heads, html`${groupTags(tags).map((image) => imageRow(props, image))}`);
}

function nothing({ filter, name, repository }: RepositoryProps): Fragment {
  const all = html`<a class="link" href="${repositoryPath(repository.name)}">Show all tags</a>`;
  const isPart = filter.q !== '' && !isPattern(filter.q) && isEverything({ ...filter, q: '' });
  if (isPart) return empty(`No tag name contains “${filter.q}”`, all);
  if (!isEverything(filter)) return empty(`No tag matches ${filterWords(filter)}`, all);
  return empty('No tags yet', 'A push makes the first:', `podman push ${name}/${repository.name}:1.0`, 'tag');
}
