import type { Repository, Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { mcrctl } from '../../ui/commands.ts';
import { count, counted, size } from '../../ui/format.ts';
import { csrfField, problemNote } from '../../ui/forms.ts';
import { repositoryPath, tagPath } from '../../ui/links.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { breadcrumb } from '../repository/view.ts';

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
  const content = html`${breadcrumb(name, 'delete')}
<h1>Delete the repository ${name}?</h1>
<dl class="figures">
<div><dt>Freed now</dt><dd>${size(0)}</dd></div>
<div><dt>Freed by garbage collection</dt><dd>${size(uniqueSize)}</dd><dd class="muted">after its grace period</dd></div>
</dl>
<ul><li>Everything in it will be deleted: ${counted(tagCount, 'tag')} and ${counted(manifestCount, 'manifest')}.</li>
<li>${size(shared)} will be kept, since other repositories use the same layers.</li>
<li>This cannot be undone; an earlier copy of the database restores it only while its layers are still on disk.</li></ul>
${tagList(repository, tags)}
<form method="post" action="/delete-repository/${name}" class="stack">${csrfField(csrf)}
${problemNote(problem)}
<label><span>Type <strong>${name}</strong> to confirm</span> <input name="confirm" autocomplete="off" autocapitalize="none" spellcheck="false" required></label>
<p class="actions"><button class="danger">Delete repository</button> <a href="${repositoryPath(name)}">Cancel</a></p></form>`;
  return { title: `Delete ${name}`, command: mcrctl('repo', 'delete', name), content };
}

function tagList({ name, tagCount }: Repository, tags: readonly Tag[]): Fragment {
  if (tags.length === 0) return html``;
  const more = tagCount - tags.length;
  return html`<h2>Tags to be deleted</h2>
<ul class="names">${tags.map((tag) => html`<li><a href="${tagPath(name, tag.name)}"><code>${tag.name}</code></a></li>`)}</ul>
${more > 0 ? html`<p>And ${count(more)} more: <a href="${repositoryPath(name)}?sort=version">see all tags</a>.</p>` : ''}`;
}
