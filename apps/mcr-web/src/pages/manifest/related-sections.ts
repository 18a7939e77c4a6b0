import type { Referrer } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { age, size } from '../../ui/format.ts';
import { digest, shortDigest } from '../../ui/fragments.ts';
import { manifestPath, repositoryPath } from '../../ui/links.ts';
import { kindOf } from '../../ui/media-types.ts';
import type { Fragment } from '../../ui/page.ts';
import type { ManifestProps } from './props.ts';
import { type Descriptor, maxListed } from './read-manifest.ts';

const attestationType = 'vnd.docker.reference.type';

/** The manifests of an index; attestations of builders are listed separately. */
export function platformSection({ repository, found, facts }: ManifestProps): Fragment {
  if (facts.children.length === 0) return html``;
  const here = new Map(found.children.map((child) => [child.manifest?.digest ?? '', child]));
  const row = (child: Descriptor, name: string) => {
    const known = here.get(child.digest);
    return html`<tr><td>${known === undefined ? name : html`<a href="${manifestPath(repository, child.digest)}">${name}</a>`}</td><td data-label="Digest">${digest(child.digest)}</td><td class="number" data-label="Size">${known === undefined ? html`<span class="muted">not pushed</span>` : size(known.totalSize)}</td></tr>`;
  };
  const head = html`<thead><tr><th scope="col">Platform</th><th scope="col">Digest</th><th scope="col" class="number">Size</th></tr></thead>`;
  const [attestations, platforms] = [
    facts.children.filter(({ annotations }) => annotations.has(attestationType)),
    facts.children.filter(({ annotations }) => !annotations.has(attestationType)),
  ];
  const nameOf = ({ platform, artifactType, mediaType }: Descriptor) => platform || kindOf(mediaType, artifactType);
  return html`<section aria-labelledby="platforms"><h2 id="platforms">Platforms</h2>
<table class="wide">${head}<tbody>${platforms.map((child) => row(child, nameOf(child)))}</tbody></table>
${attestations.length === 0 ? '' : html`<details><summary>${attestations.length} build attestations</summary><table class="wide">${head}<tbody>${attestations.map((child) => row(child, 'attestation'))}</tbody></table></details>`}</section>`;
}

/** Manifests that refer to this one, or to one that it lists, grouped by their subject. */
export function referrerSection({ repository, found, facts, now }: ManifestProps): Fragment {
  if (found.referrers.length === 0) return html``;
  const groups = Map.groupBy(found.referrers, ({ manifest }) => manifest?.subject ?? '');
  const platforms = new Map(facts.children.map((child) => [child.digest, child.platform ?? '']));
  const title = (subject: string) =>
    subject === found.manifest?.digest ? 'this manifest' : `${platforms.get(subject) ?? ''} ${shortDigest(subject)}`;
  return html`<section aria-labelledby="referrers"><h2 id="referrers">Referrers</h2>
${[...groups].map(([subject, referrers]) => html`<h3>Of ${title(subject)}</h3>${table(repository, referrers, now)}`)}
${found.referrers.length < maxListed ? '' : html`<p>These are the first ${maxListed}: <a href="${repositoryPath(repository)}?view=manifests">see all manifests</a>.</p>`}</section>`;
}

function table(repository: string, referrers: readonly Referrer[], now: number): Fragment {
  return html`<table class="wide"><thead><tr><th scope="col">Kind</th><th scope="col">Digest</th><th scope="col">Artifact type</th><th scope="col">Annotations</th><th scope="col" class="number">Pushed</th></tr></thead><tbody>
${referrers.map(({ manifest, annotations }) => {
  const { mediaType = '', artifactType, digest: value = '', createdAt } = manifest ?? {};
  return html`<tr><td><a href="${manifestPath(repository, value)}">${kindOf(mediaType, artifactType)}</a></td><td data-label="Digest">${digest(value)}</td><td data-label="Type"><code>${artifactType ?? ''}</code></td><td data-label="Annotations">${Object.entries(annotations).map(([name, text]) => html`<div><code>${name}</code> ${text}</div>`)}</td><td class="number" data-label="Pushed">${age(createdAt, now)}</td></tr>`;
})}
</tbody></table>`;
}
