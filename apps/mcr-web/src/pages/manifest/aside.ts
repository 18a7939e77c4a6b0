import { html } from 'hono/html';
import { age } from '../../ui/format.ts';
import { breakable, digest, inlineCopyButton } from '../../ui/fragments.ts';
import { manifestPath, pullersPath, repositoryPath, tagPath } from '../../ui/links.ts';
import { isRunnable } from '../../ui/media-types.ts';
import type { Fragment } from '../../ui/page.ts';
import type { ManifestProps } from './props.ts';
import { maxListed } from './read-manifest.ts';

/** What a manifest is called, and what belongs to it. */
export function manifestAside(props: ManifestProps): Fragment {
  const { repository, found, now } = props;
  const { manifest, parents } = found;
  const { mediaType = '', artifactType, subject, digest: value = '', createdAt } = manifest ?? {};
  const link = (other: string) => digest(other, manifestPath(repository, other));
  return html`<aside class="aside" aria-label="Facts">
<section><div class="aside__h"><h2>Digest</h2>${inlineCopyButton(value, 'digest')}</div><p class="digest digest--full">${value}</p></section>
${tagSection(repository, found.tags)}
${pullSection(props)}
${subject === undefined ? '' : html`<section><h2>Refers to</h2>${link(subject)}</section>`}
${parents.length === 0 ? '' : html`<section><h2>Part of</h2><ul class="rows">${parents.map((parent) => html`<li>${link(parent)}</li>`)}</ul></section>`}
<section><h2>Manifest</h2><dl><div><dt>Media type</dt><dd>${breakable(mediaType)}</dd></div>
${artifactType === undefined || isRunnable(mediaType, artifactType) ? '' : html`<div><dt>Artifact type</dt><dd>${breakable(artifactType)}</dd></div>`}
<div><dt>First pushed</dt><dd>${age(createdAt, now)}</dd></div></dl></section>
</aside>`;
}

function pullSection({ repository, reference, found, readsAudit, now }: ManifestProps): Fragment {
  const { lastPulledAt, lastPulledBy, manifest } = found;
  const by = lastPulledBy === undefined ? '' : html` by <b>${lastPulledBy}</b>`;
  const isTag = !reference.includes(':');
  const links = html`<p><a class="link" href="${pullersPath(repository, manifest?.digest ?? reference)}">Who pulled this image</a></p>${isTag ? html`<p><a class="link" href="${pullersPath(repository, reference)}">Who pulled by this tag</a></p>` : ''}`;
  return html`<section><h2>Last pull</h2><p>${age(lastPulledAt, now)}${by}</p>${readsAudit ? links : ''}</section>`;
}

function tagSection(repository: string, tags: readonly string[]): Fragment {
  const more = html`<p class="faint">And possibly more: <a class="link" href="${repositoryPath(repository)}">see all tags</a></p>`;
  const links = tags.map(
    (tag) => html`<li><a class="tag" href="${tagPath(repository, tag)}">${breakable(tag)}</a></li>`,
  );
  return html`<section><h2>Tags</h2>${tags.length === 0 ? html`<p class="faint">No tag points to it</p>` : html`<ul class="tags">${links}</ul>`}${tags.length < maxListed ? '' : more}</section>`;
}
