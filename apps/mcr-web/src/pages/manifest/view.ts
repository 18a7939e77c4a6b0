import { html } from 'hono/html';
import { mcrctl, pullCommands } from '../../ui/commands.ts';
import { age, size } from '../../ui/format.ts';
import { badge, breakable, copyButton, copyFromButton, copyLine, digest, shortDigest } from '../../ui/fragments.ts';
import { manifestPath, repositoryPath, tagPath } from '../../ui/links.ts';
import { isRunnable, kindOf } from '../../ui/media-types.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { breadcrumb } from '../repository/view.ts';
import { configSection, textTable } from './config-section.ts';
import { highlightJson } from './highlight-json.ts';
import { layerSection } from './layer-section.ts';
import type { ManifestProps } from './props.ts';
import { maxListed } from './read-manifest.ts';
import { platformSection, referrerSection } from './related-sections.ts';

/** A manifest: its properties, how to pull it, its parts, and its referrers. */
export function manifestView(props: ManifestProps): Page {
  const { repository, reference, found, facts } = props;
  const isDigest = reference.includes(':');
  const shown = isDigest ? shortDigest(reference) : reference;
  const kind = kindOf(found.manifest?.mediaType ?? '', found.manifest?.artifactType);
  const content = html`${breadcrumb(repository, shown)}
<h1>${breakable(`${repository}${isDigest ? '@' : ':'}${shown}`)} ${badge('neutral', kind)}</h1>
${pullBox(props)}
${factList(props)}
${platformSection(props)}
${layerSection(facts, found.blobs)}
${facts.config === undefined ? '' : configSection(facts.config, kind)}
${facts.annotations.size === 0 ? '' : html`<section aria-labelledby="annotations"><h2 id="annotations">Annotations</h2>${textTable('Annotation', facts.annotations)}</section>`}
${referrerSection(props)}
<section aria-labelledby="raw"><h2 id="raw">Manifest</h2>
<p>${copyFromButton('manifest-json', 'manifest')}</p>
<pre tabindex="0" aria-labelledby="raw" class="json"><code id="manifest-json">${highlightJson(facts.json)}</code></pre></section>`;
  return {
    title: `${repository}${isDigest ? '@' : ':'}${shown}`,
    command: mcrctl('manifest', 'get', `${repository}${isDigest ? '@' : ':'}${reference}`),
    content,
  };
}

function pullBox({ name, repository, reference, found }: ManifestProps): Fragment {
  const { mediaType = '', artifactType, digest: value = '' } = found.manifest ?? {};
  const separator = reference.includes(':') ? '@' : ':';
  const commands = pullCommands(`${name}/${repository}${separator}${reference}`, isRunnable(mediaType, artifactType));
  return html`<section class="pull" aria-label="Pull">
${commands.map(([client, command]) => html`<p>${copyLine(command, `the ${client} command`)}</p>`)}
<p>${copyLine(`${name}/${repository}@${value}`, 'reference by digest')}</p></section>`;
}

function factList({ repository, found, facts, now }: ManifestProps): Fragment {
  const { manifest, tags, parents } = found;
  const { mediaType = '', artifactType, subject, digest: value = '' } = manifest ?? {};
  return html`<dl class="facts">
<dt>Digest</dt><dd><code>${value}</code> ${copyButton(value, 'digest')}</dd>
<dt>Media type</dt><dd><code>${mediaType}</code></dd>
${artifactType === undefined ? '' : html`<dt>Artifact type</dt><dd><code>${artifactType}</code></dd>`}
${facts.config === undefined || facts.config.platform === '' ? '' : html`<dt>Platform</dt><dd>${facts.config.platform}</dd>`}
<dt>Size</dt><dd>${size(found.totalSize)}${facts.children.length > 0 ? ' with all platforms' : ''}</dd>
<dt>First pushed</dt><dd>${age(manifest?.createdAt, now)}</dd>
<dt>Tags</dt><dd>${tags.length === 0 ? html`<span class="muted">none</span>` : tags.map((tag, at) => html`${at === 0 ? '' : ', '}<a href="${tagPath(repository, tag)}">${tag}</a>`)}${tags.length < maxListed ? '' : html`, and possibly more: <a href="${repositoryPath(repository)}">see all tags</a>`}</dd>
${subject === undefined ? '' : html`<dt>Refers to</dt><dd>${digest(subject, manifestPath(repository, subject))}</dd>`}
${parents.length === 0 ? '' : html`<dt>Part of</dt><dd>${parents.map((parent) => digest(parent, manifestPath(repository, parent)))}</dd>`}
</dl>`;
}
