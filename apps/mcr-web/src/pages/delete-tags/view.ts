import type { Manifest, TagDeletionPlan, TagRemoval } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { mcrctl } from '../../ui/commands.ts';
import { bytesText, counted, size } from '../../ui/format.ts';
import { csrfField, problemNote } from '../../ui/forms.ts';
import { digest } from '../../ui/fragments.ts';
import { repositoryPath } from '../../ui/links.ts';
import { kindOf } from '../../ui/media-types.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { breadcrumb } from '../repository/view.ts';

/** Properties of the page. */
export interface DeleteTagsProps {
  readonly csrf: string;
  readonly repository: string;
  readonly plan: TagDeletionPlan;
  readonly keepManifests: boolean;
  /** Why this is not the requested plan. */
  readonly problem?: string | undefined;
}

/** What will be deleted, kept and freed; the button does exactly that. */
export function deleteTagsView({ csrf, repository, plan, keepManifests, problem }: DeleteTagsProps): Page {
  const staying = plan.tags.filter(({ otherTags }) => otherTags.length > 0);
  const here = `/delete-tags/${repository}`;
  const query = (keep: boolean) =>
    `${here}?${new URLSearchParams([...plan.tags.map(({ name }) => ['tag', name]), ...(keep ? [['keep', '1']] : [])]).toString()}`;
  const content = html`${breadcrumb(repository, 'delete tags')}
<h1>Delete ${counted(plan.tags.length, 'tag')} of ${repository}?</h1>
${problemNote(problem)}
<dl class="figures">
<div><dt>Freed now</dt><dd>${size(0)}</dd></div>
<div><dt>Freed by garbage collection</dt><dd>${bytesText(plan.freedBytes)}</dd><dd class="muted">after its grace period</dd></div>
</dl>
<h2>Tags to be deleted</h2>
<ul class="names">${plan.tags.map(({ name }) => html`<li><code>${name}</code></li>`)}</ul>
${manifestList(plan.manifests)}
${staying.length === 0 ? '' : stayList(staying)}
<p>${keepManifests ? html`Manifests without other tags are kept. <a href="${query(false)}">Delete them as well</a>, which frees the layers that only they use.` : html`Manifests without other references are deleted as well. <a href="${query(true)}">Keep them</a> if they are pulled by digest.`}</p>
<form method="post" action="${here}" class="actions">${csrfField(csrf)}
${plan.tags.map(({ name }) => html`<input type="hidden" name="tag" value="${name}">`)}
<input type="hidden" name="keep" value="${keepManifests ? '1' : ''}"><input type="hidden" name="plan" value="${plan.id}">
<button class="danger">Delete ${counted(plan.tags.length, 'tag')}</button> <a href="${repositoryPath(repository)}">Cancel</a></form>`;
  return {
    title: `Delete tags of ${repository}`,
    command: deleteCommand(repository, plan.tags),
    ...(!keepManifests && plan.manifests.length > 0 && { commandNote: 'which keeps the manifests' }),
    content,
  };
}

/** mcrctl deletes one tag at a time. */
function deleteCommand(repository: string, tags: readonly TagRemoval[]): string {
  return tags.map(({ name }) => mcrctl('tag', 'delete', `${repository}:${name}`)).join('; ');
}

function manifestList(manifests: readonly Manifest[]): Fragment {
  if (manifests.length === 0) return html``;
  return html`<h2>Manifests to be deleted</h2>
<table class="plain"><thead><tr><th scope="col">Digest</th><th scope="col">Kind</th></tr></thead><tbody>
${manifests.map((it) => html`<tr><td>${digest(it.digest)}</td><td>${kindOf(it.mediaType, it.artifactType)}</td></tr>`)}
</tbody></table>`;
}

function stayList(staying: readonly TagRemoval[]): Fragment {
  return html`<h2>Manifests to be kept</h2>
<p>Other tags point to them.</p>
<ul>${staying.map((it) => html`<li>${digest(it.digest)} is kept as ${it.otherTags.map((tag, at) => html`${at === 0 ? '' : ', '}<code>${tag}</code>`)}</li>`)}</ul>`;
}
