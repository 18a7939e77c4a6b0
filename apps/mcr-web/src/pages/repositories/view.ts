import type { ListRepositoriesResponse, Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { mcrctl, option } from '../../ui/commands.ts';
import { age, count, size } from '../../ui/format.ts';
import { breakable, empty, pager, sortHead } from '../../ui/fragments.ts';
import { repositoryPath } from '../../ui/links.ts';
import type { Fragment, Page } from '../../ui/page.ts';

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
  const content = html`<h1>Repositories</h1>
<form action="/repositories" method="get" role="search" class="filter" hx-get="/repositories" hx-trigger="input changed delay:250ms from:find input, submit" hx-target="#results" hx-select="#results" hx-swap="outerHTML" hx-sync="this:replace" hx-replace-url="true">
<label>Name contains <input type="search" name="q" value="${search}" maxlength="255" autocomplete="off" spellcheck="false" data-search></label>
<input type="hidden" name="sort" value="${sort}"><button>Search</button></form>
<div id="results" aria-live="polite">
${list.repositories.length === 0 ? nothing(props) : table(props)}
${pager(url, list.nextPageToken)}
</div>`;
  return { title: 'Repositories', command: mcrctl('repo', 'list', option('search', search)), content };
}

function table({ url, sort, list, now }: RepositoriesProps): Fragment {
  return html`<table class="wide"><thead><tr>${sortHead(url, sort, 'name', 'Name', 'ascending')}<th scope="col" class="number">Tags</th><th scope="col" class="number">Manifests</th>${sortHead(url, sort, 'size', 'Size', 'descending')}${sortHead(url, sort, 'last_push', 'Last push', 'descending')}</tr></thead><tbody>
${list.repositories.map((it) => row(it, now))}
</tbody></table>`;
}

function row({ name, tagCount, manifestCount, totalSize, lastPushAt }: Repository, now: number): Fragment {
  return html`<tr><td><a href="${repositoryPath(name)}">${breakable(name)}</a></td><td class="number" data-label="Tags">${count(tagCount)}</td><td class="number" data-label="Manifests">${count(manifestCount)}</td><td class="number" data-label="Size">${size(totalSize)}</td><td class="number" data-label="Last push">${age(lastPushAt, now)}</td></tr>`;
}

function nothing({ search, list, name, isAdmin }: RepositoriesProps): Fragment {
  if (list.nextPageToken !== '') return empty('You have no access to the repositories of this page.');
  if (search !== '') return empty(`No repository name contains “${search}”.`);
  const words = isAdmin ? 'Nothing is stored yet.' : 'There is nothing here that you may see.';
  return empty(`${words} To push a first image:`, `podman push ${name}/team/app:1.0`);
}
