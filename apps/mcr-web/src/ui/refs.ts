import { html, raw } from 'hono/html';
import { breakable } from './fragments.ts';
import { repositoryPath } from './links.ts';
import type { Crumb, Fragment } from './page.ts';

/** Longer tags without a place to break are cut in the middle. */
const maxTag = 40;
const tailLength = 8;
/** Names with more parts are cut in the middle of the way to them. */
const maxCrumbs = 4;

/** A reference: muted path, strong leaf, then the tag or digest with its separator. */
export function refText(repository: string, tag = ''): Fragment {
  const at = repository.lastIndexOf('/') + 1;
  const path = repository.slice(0, at);
  return html`${path === '' ? '' : html`<span class="ref__path">${breakable(path)}</span>`}<span class="ref__leaf">${breakable(repository.slice(at))}</span>${tag === '' ? '' : html`${raw('<wbr>')}<span class="ref__tag">${breakable(tag)}</span>`}`;
}

/** The same as a link. */
export function refLink(href: string, repository: string, tag = ''): Fragment {
  return html`<a class="ref" href="${href}">${refText(repository, tag)}</a>`;
}

/** The name of a tag; long ones give way in the middle, whose title has the whole. */
export function tagName(name: string): Fragment {
  const mono = /^[0-9a-f]{32,}$/.test(name) ? ' mid--mono' : '';
  if (name.length <= maxTag && mono === '') return breakable(name);
  const cut = name.length - tailLength;
  return html`<span class="mid${mono}" title="${name}"><span class="mid__head">${name.slice(0, cut)}</span><span class="mid__tail">${name.slice(cut)}</span></span>`;
}

/** The way to a repository: each part of its name links to everything below it. */
export function repositoryCrumbs(name: string, last?: string): readonly Crumb[] {
  const parts = name.split('/');
  const links: readonly Crumb[] = parts.map((text, at) => {
    const q = `${parts.slice(0, at + 1).join('/')}/`;
    const isWhole = at === parts.length - 1;
    return { text, href: isWhole ? repositoryPath(name) : `/repositories?${new URLSearchParams({ q }).toString()}` };
  });
  const shown = links.length <= maxCrumbs ? links : [...links.slice(0, 1), { text: '…' }, ...links.slice(-2)];
  return [{ text: 'Repositories', href: '/repositories' }, ...shown, ...(last === undefined ? [] : [{ text: last }])];
}
