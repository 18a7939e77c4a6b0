import type { Manifest, TagDeletionPlan, TagRemoval } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { liveAddress } from '../../shell/news.ts';
import { pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { bytesText, counted } from '../../ui/format.ts';
import { csrfField, problemNote } from '../../ui/forms.ts';
import { digest } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { repositoryPath } from '../../ui/links.ts';
import { kindOf } from '../../ui/media-types.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { repositoryCrumbs } from '../../ui/refs.ts';
import type { TagFilter } from '../repository/tag-filter.ts';

/** More than that is no command that a person pastes. */
const maxInCommand = 20;

/** Properties of the page. */
export interface DeleteTagsProps {
  readonly csrf: string;
  readonly repository: string;
  readonly plan: TagDeletionPlan;
  readonly keepManifests: boolean;
  /** What the tags were selected by, if not one by one. */
  readonly filter?: TagFilter | undefined;
  /** The version of the repository before the plan was made; absent for a plan that cannot be asked for again. */
  readonly version?: string | undefined;
  /** Why this is not the requested plan. */
  readonly problem?: string | undefined;
}

/** What will be deleted, kept and freed; the button does exactly that. */
export function deleteTagsView(props: DeleteTagsProps): Page {
  const { csrf, repository, plan, keepManifests, filter, version, problem } = props;
  const staying = plan.tags.filter(({ otherTags }) => otherTags.length > 0);
  const here = `/delete-tags/${repository}`;
  const selection =
    filter === undefined
      ? plan.tags.map(({ name }): [string, string] => ['tag', name])
      : [['all', '1'], ...Object.entries(filter).filter(([, value]) => value !== '')];
  const query = (keep: boolean) =>
    `${here}?${new URLSearchParams([...selection, ...(keep ? [['keep', '1']] : [])]).toString()}`;
  const tags = counted(plan.tags.length, 'tag');
  const choice = keepManifests
    ? html`Manifests without other tags are kept. <a href="${query(false)}">Delete them as well</a>, which frees the layers that only they use.`
    : html`Manifests without other references are deleted as well. <a href="${query(true)}">Keep them</a> if they are pulled by digest.`;
  const content = html`${pageHead(`Delete ${tags} of ${repository}?`)}
<form method="post" action="${here}" class="card narrow">${csrfField(csrf)}
${problem === undefined ? '' : html`<div class="form">${problemNote(problem)}</div>`}
<dl class="kv plan__kv plan__top">
<dt>Delete</dt><dd><ul class="tags">${plan.tags.map(({ name }) => html`<li><code class="tag">${name}</code></li>`)}</ul></dd>
${staying.length === 0 ? '' : html`<dt>Keep</dt><dd>${stayList(staying)}</dd>`}
<dt>Manifests</dt><dd>${manifestList(plan.manifests)}<p class="muted">${choice}</p></dd>
<dt>Space</dt><dd>Nothing now, <b>${bytesText(plan.freedBytes)}</b> by garbage collection after its grace period</dd>
</dl>
${plan.tags.map(({ name }) => html`<input type="hidden" name="tag" value="${name}">`)}
<input type="hidden" name="keep" value="${keepManifests ? '1' : ''}"><input type="hidden" name="plan" value="${plan.id}">
<div class="card__foot plan__go"><span class="plan__btns"><a class="btn" href="${repositoryPath(repository)}">Cancel</a><button class="btn btn--bad">${icon('trash')}Delete ${tags}</button></span></div></form>`;
  return {
    title: `Delete tags of ${repository}`,
    crumbs: repositoryCrumbs(repository, 'Delete tags'),
    ...(version !== undefined && { live: liveAddress(`repositories/${repository}`, version) }),
    ...(plan.tags.length <= maxInCommand && {
      command: deleteCommand(repository, plan.tags),
      ...(!keepManifests && plan.manifests.length > 0 && { commandNote: 'which keeps the manifests' }),
    }),
    content,
  };
}

/** mcrctl deletes one tag at a time. */
function deleteCommand(repository: string, tags: readonly TagRemoval[]): string {
  return tags.map(({ name }) => mcrctl('tag', 'delete', `${repository}:${name}`)).join('; ');
}

function manifestList(manifests: readonly Manifest[]): Fragment {
  if (manifests.length === 0) return html``;
  return html`<p>${counted(manifests.length, 'manifest')} ${manifests.length === 1 ? 'is' : 'are'} deleted with them:</p>
<ul class="plan__list" tabindex="0" aria-label="Manifests to delete">${manifests.map((it) => html`<li>${digest(it.digest)} ${kindOf(it.mediaType, it.artifactType)}</li>`)}</ul>`;
}

function stayList(staying: readonly TagRemoval[]): Fragment {
  return html`<ul class="plan__list" tabindex="0" aria-label="Manifests to keep">${staying.map((it) => html`<li>${digest(it.digest)} is kept as ${it.otherTags.map((tag, at) => html`${at === 0 ? '' : ', '}<code>${tag}</code>`)}</li>`)}</ul>`;
}
