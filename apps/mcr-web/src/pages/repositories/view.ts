import type { ListRepositoriesResponse, Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { pageHead } from '../../ui/card.ts';
import { mcrctl, option } from '../../ui/commands.ts';
import { age, count, size } from '../../ui/format.ts';
import { empty } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { repositoryPath } from '../../ui/links.ts';
import { head, pager, sortHead, table } from '../../ui/lists.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { refLink } from '../../ui/refs.ts';

/** Properties of the page. */
export interface RepositoriesProps {
  readonly url: URL;
  readonly search: string;
  readonly sort: string;
  readonly list: ListRepositoriesResponse;
  /** The registry's name for container clients. */
  readonly name: string;
  readonly isAdmin: boolean;
  readonly now: number;
}

/** A page of the list of repositories. */
export function repositoriesView(props: RepositoriesProps): Page {
  const { search, sort, url, list } = props;
  const content = html`${pageHead('Repositories')}
<form action="/repositories" method="get" role="search" class="filters" hx-get="/repositories" hx-trigger="input changed delay:250ms from:find input, submit" hx-target="#results" hx-select="#results" hx-swap="outerHTML" hx-sync="this:replace" hx-replace-url="true">
<label class="search">${icon('search')}<span class="vh">Name contains</span><input class="input" type="search" name="q" value="${search}" placeholder="Name contains" maxlength="255" autocomplete="off" spellcheck="false" data-search></label>
<input type="hidden" name="sort" value="${sort}"><button class="btn no-script">Search</button></form>
<div id="results" aria-live="polite"><div class="card">
${list.repositories.length === 0 ? nothing(props) : repositoryTable(props)}</div>
<div class="below">${pager(url, list.nextPageToken)}</div>
</div>`;
  return { title: 'Repositories', command: mcrctl('repo', 'list', option('search', search)), content };
}

function repositoryTable({ url, sort, list, now }: RepositoriesProps): Fragment {
  const heads = [
    sortHead(url, sort, 'name', 'Name', 'ascending'),
    head('Tags', 'num w-count'),
    head('Manifests', 'num w-count'),
    sortHead(url, sort, 'size', 'Size', 'descending', 'num w-count'),
    sortHead(url, sort, 'last_push', 'Last push', 'descending', 'num end w-who'),
  ];
  return table('', heads, html`${list.repositories.map((it) => row(it, now))}`);
}

function row({ name, tagCount, manifestCount, totalSize, lastPushAt }: Repository, now: number): Fragment {
  const cell = (label: string, value: Fragment | string, classes = '') =>
    html`<td role="cell" class="num${classes}" data-label="${label}">${value}</td>`;
  return html`<tr role="row"><td role="cell" class="name">${refLink(repositoryPath(name), name)}</td>${cell('Tags', count(tagCount))}${cell('Manifests', count(manifestCount))}${cell('Size', size(totalSize))}${cell('Last push', age(lastPushAt, now), ' end')}</tr>
`;
}

function nothing({ search, list, name, isAdmin }: RepositoriesProps): Fragment {
  if (list.nextPageToken !== '') return empty('You have no access to the repositories of this page');
  if (search !== '')
    return empty(
      `No repository name contains “${search}”`,
      html`<a class="link" href="/repositories">Show all repositories</a>`,
    );
  const words = isAdmin ? 'Nothing is stored yet' : 'There is nothing here that you may see';
  return empty(words, 'The first push makes a repository:', `podman push ${name}/team/app:1.0`, 'package');
}
