import type { Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import type { Page } from '../../layout.ts';
import { counted, size } from '../../ui/format.ts';
import { csrfField } from '../../ui/forms.ts';
import { repositoryPath } from '../../ui/links.ts';
import { breadcrumb } from '../repository/view.ts';

/** What the page shows. */
export interface DeleteRepositoryProps {
  readonly csrf: string;
  readonly repository: Repository;
  /** Bytes that no other repository shares. */
  readonly uniqueSize: bigint;
  readonly problem?: string;
}

/** What goes and what it frees; the name has to be typed. */
export function deleteRepositoryView({ csrf, repository, uniqueSize, problem }: DeleteRepositoryProps): Page {
  const { name, tagCount, manifestCount, totalSize } = repository;
  const shared = totalSize > uniqueSize ? totalSize - uniqueSize : 0n;
  const content = html`${breadcrumb(name, 'delete')}
<h1>Delete the repository ${name}?</h1>
<dl class="figures">
<div><dt>Freed now</dt><dd>${size(0)}</dd></div>
<div><dt>Freed by garbage collection</dt><dd>${size(uniqueSize)}</dd><dd class="muted">after its grace period</dd></div>
</dl>
<ul><li>All of it goes: ${counted(tagCount, 'tag')} and ${counted(manifestCount, 'manifest')}.</li>
<li>${size(shared)} stay, since other repositories use the same layers.</li>
<li>This cannot be undone; a copy of the database from before brings it back only while its layers are still on disk.</li></ul>
<form method="post" action="/delete-repository/${name}" class="stack">${csrfField(csrf)}
${problem === undefined ? '' : html`<p class="notice bad" role="alert">${problem}</p>`}
<label>Type <strong>${name}</strong> to confirm <input name="confirm" autocomplete="off" autocapitalize="none" spellcheck="false" required></label>
<p class="actions"><button class="danger">Delete repository</button> <a href="${repositoryPath(name)}">Cancel</a></p></form>`;
  return { title: `Delete ${name}`, command: `mcrctl repo delete ${name}`, content };
}
