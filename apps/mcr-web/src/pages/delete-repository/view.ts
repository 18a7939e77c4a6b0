import type { Repository, Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { repositoryVersion } from '../../live/topics.ts';
import { liveAddress } from '../../shell/news.ts';
import { pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { bytesText, count, counted } from '../../ui/format.ts';
import { csrfField, problemNote, textField } from '../../ui/forms.ts';
import { icon } from '../../ui/icons.ts';
import { repositoryPath, tagPath } from '../../ui/links.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { repositoryCrumbs } from '../../ui/refs.ts';

/** Properties of the page. */
export interface DeleteRepositoryProps {
  readonly csrf: string;
  readonly repository: Repository;
  /** Bytes that no other repository shares. */
  readonly uniqueSize: bigint;
  /** The first of its tags. */
  readonly tags: readonly Tag[];
  readonly problem: string | undefined;
}

/** What will be deleted and freed; the name has to be typed. */
export function deleteRepositoryView({ csrf, repository, uniqueSize, tags, problem }: DeleteRepositoryProps): Page {
  const { name, tagCount, manifestCount, totalSize } = repository;
  const shared = totalSize > uniqueSize ? totalSize - uniqueSize : 0n;
  const confirm = { name: 'confirm', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', required: true };
  const content = html`${pageHead(`Delete the repository ${name}?`)}
<form method="post" action="/delete-repository/${name}" class="card narrow">${csrfField(csrf)}
<dl class="kv plan__kv plan__top">
<dt>Delete</dt><dd>Everything in it: <b>${counted(tagCount, 'tag')} and ${counted(manifestCount, 'manifest')}</b>${tagList(repository, tags)}</dd>
<dt>Keep</dt><dd>${bytesText(shared)}, since other repositories use the same layers</dd>
<dt>Space</dt><dd>Nothing now, <b>${bytesText(uniqueSize)}</b> by garbage collection after its grace period</dd>
<dt>Undo</dt><dd>This cannot be undone; an earlier copy of the database restores it only while its layers are still on disk</dd>
</dl>
${problem === undefined ? '' : html`<div class="form">${problemNote(problem)}</div>`}
<div class="card__foot plan__go">${textField(html`Type <strong>${name}</strong> to confirm`, confirm, 'plan__type')}<span class="plan__btns"><a class="btn" href="${repositoryPath(name)}">Cancel</a><button class="btn btn--bad">${icon('trash')}Delete repository</button></span></div></form>`;
  return {
    title: `Delete ${name}`,
    crumbs: repositoryCrumbs(name, 'Delete'),
    command: mcrctl('repo', 'delete', name),
    ...(problem === undefined && { live: liveAddress(`repositories/${name}`, repositoryVersion(repository)) }),
    content,
  };
}

function tagList({ name, tagCount }: Repository, tags: readonly Tag[]): Fragment {
  if (tags.length === 0) return html``;
  const more = tagCount - tags.length;
  return html`<ul class="tags plan__tags">${tags.map((tag) => html`<li><a class="tag" href="${tagPath(name, tag.name)}"><code>${tag.name}</code></a></li>`)}</ul>
${more > 0 ? html`<p class="muted">And ${count(more)} more: <a href="${repositoryPath(name)}">see all tags</a>.</p>` : ''}`;
}
