import type { SearchHit } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import type { Place } from '../../shell/places.ts';
import { pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { empty, shortDigest } from '../../ui/fragments.ts';
import { type IconName, icon } from '../../ui/icons.ts';
import { manifestPath, repositoryPath, tagPath } from '../../ui/links.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { refText } from '../../ui/refs.ts';

/** What was searched for, and found. */
export interface SearchProps {
  readonly query: string;
  readonly hits: readonly SearchHit[];
  /** Pages of this UI. */
  readonly pages: readonly Place[];
}

const groups: readonly (readonly [kind: string, title: string, sign: IconName])[] = [
  ['repository', 'Repositories', 'package'],
  ['tag', 'Tags', 'tag'],
  ['manifest', 'Digests', 'layers'],
  ['account', 'Accounts', 'users'],
];

/** The page of a search, which works without a script. */
export function searchView(props: SearchProps): Page {
  const { query } = props;
  const content = html`${pageHead('Search')}
<form action="/search" method="get" role="search" class="filters"><label class="search">${icon('search')}<span class="vh">Search</span><input class="input" type="search" name="q" value="${query}" maxlength="1024" placeholder="Name, tag, digest, reference or pull command" autocomplete="off" spellcheck="false"></label><button class="btn">Search</button></form>
<div class="card">${query === '' ? empty('Type or paste a name, a tag, six or more characters of a digest, a reference or a pull command') : hitList(props)}</div>`;
  return { title: 'Search', command: mcrctl('search', query === '' ? '…' : query), content };
}

/** What was found, by kind; each hit is a link. */
export function hitList({ query, hits, pages }: SearchProps): Fragment {
  if (query === '') return html``;
  if (hits.length === 0 && pages.length === 0)
    return html`<p class="hits__none">Nothing that you may see matches “${query}”</p>`;
  return html`<div class="hits">${groups.map(([kind, title, sign]) => {
    const some = hits.filter((hit) => hit.kind === kind);
    return some.length === 0 ? '' : group(title, html`${some.map((hit) => link(sign, hrefOf(hit), nameOf(hit)))}`);
  })}${pages.length === 0 ? '' : group('Pages', html`${pages.map((page) => link(page.icon, page.path, html`${page.name}`))}`)}</div>`;
}

function group(title: string, links: Fragment): Fragment {
  return html`<p class="hits__group">${title}</p>${links}`;
}

function link(sign: IconName, href: string, name: Fragment): Fragment {
  return html`<a class="hit" href="${href}">${icon(sign)}<span class="ref">${name}</span></a>
`;
}

/** Page of what was found. */
export function hrefOf({ kind, repository = '', tag = '', digest = '' }: SearchHit): string {
  if (kind === 'account') return '/accounts';
  if (kind === 'tag') return tagPath(repository, tag);
  return kind === 'manifest' ? manifestPath(repository, digest) : repositoryPath(repository);
}

function nameOf({ kind, repository = '', tag = '', digest = '', username = '' }: SearchHit): Fragment {
  if (kind === 'account') return html`<bdi>${username}</bdi>`;
  if (kind === 'tag') return refText(repository, `:${tag}`);
  return kind === 'manifest'
    ? html`${refText(repository)} <span class="faint">${shortDigest(digest)}</span>`
    : refText(repository);
}
