import type { Referrer } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { card } from '../../ui/card.ts';
import { age, counted, size } from '../../ui/format.ts';
import { copyButton, digest, shortDigest } from '../../ui/fragments.ts';
import { type IconName, icon } from '../../ui/icons.ts';
import { manifestPath, repositoryPath } from '../../ui/links.ts';
import { head, hiddenHead, table } from '../../ui/lists.ts';
import { kindOf } from '../../ui/media-types.ts';
import type { Fragment } from '../../ui/page.ts';
import { fold } from './config-section.ts';
import type { ManifestProps } from './props.ts';
import { attestationType, type Descriptor, maxListed } from './read-manifest.ts';

/** The manifests of an index; attestations of builders are listed separately. */
export function platformSection({ repository, found, facts }: ManifestProps): Fragment {
  if (facts.children.length === 0) return html``;
  const here = new Map(found.children.map((child) => [child.manifest?.digest ?? '', child]));
  const row = (child: Descriptor, name: string) => {
    const known = here.get(child.digest);
    const link = html`<a class="strong" href="${manifestPath(repository, child.digest)}">${name}</a>`;
    return html`<tr role="row"><td role="cell" class="name">${known === undefined ? name : link}<span class="sub">${digest(child.digest)}</span></td><td role="cell" class="num w-size">${known === undefined ? html`<span class="faint">not pushed</span>` : size(known.totalSize)}</td><td role="cell" class="acts w-one">${copyButton(child.digest, `digest ${shortDigest(child.digest)}`)}</td></tr>`;
  };
  const list = (children: readonly Descriptor[], nameOf: (child: Descriptor) => string) =>
    table(
      '',
      [head('Platform'), head('Size', 'num w-size'), hiddenHead('Copy', 'w-one')],
      html`${children.map((child) => row(child, nameOf(child)))}`,
    );
  const [attestations, platforms] = [
    facts.children.filter(({ annotations }) => annotations.has(attestationType)),
    facts.children.filter(({ annotations }) => !annotations.has(attestationType)),
  ];
  const nameOf = ({ platform, artifactType, mediaType }: Descriptor) => platform || kindOf(mediaType, artifactType);
  const more = list(attestations, () => 'attestation');
  return card(
    'platforms',
    'Platforms',
    html`${list(platforms, nameOf)}${attestations.length === 0 ? '' : fold('Build attestations', String(attestations.length), more)}`,
    counted(platforms.length, 'manifest'),
  );
}

const icons: Readonly<Record<string, IconName>> = {
  signature: 'badge-check',
  SBOM: 'list-tree',
  attestation: 'file-check-corner',
  'scan report': 'bug',
};

/** Manifests that refer to this one, or to one that it lists. */
export function referrerSection(props: ManifestProps): Fragment {
  const { repository, found } = props;
  const { referrers } = found;
  if (referrers.length === 0) return html``;
  const more = html`<p class="card__foot">These are the first ${maxListed}: <a class="link" href="${repositoryPath(repository)}?view=manifests">see all manifests</a></p>`;
  return card(
    'attached',
    'Attached',
    html`<div class="attach">${referrers.map((referrer) => attached(props, referrer))}</div>${referrers.length < maxListed ? '' : more}`,
    `${counted(referrers.length, 'manifest refers', 'manifests refer')} to it`,
  );
}

function attached({ repository, found, facts, now }: ManifestProps, { manifest, annotations }: Referrer): Fragment {
  const { mediaType = '', artifactType, digest: value = '', createdAt, subject } = manifest ?? {};
  const kind = kindOf(mediaType, artifactType);
  const platform = facts.children.find((child) => child.digest === subject)?.platform;
  const of = subject === found.manifest?.digest ? '' : ` of ${platform ?? shortDigest(subject ?? '')}`;
  const texts = Object.entries(annotations).map(([name, text]) => html`<dt><code>${name}</code></dt><dd>${text}</dd>`);
  return html`<div class="attach__i"><div class="attach__h">${icon(icons[kind] ?? 'file')}<h3><a href="${manifestPath(repository, value)}">${kind}</a><span class="faint">${of}</span></h3><span class="faint">${age(createdAt, now)}</span></div>
<p class="faint">${artifactType ?? mediaType}</p><p>${digest(value)}</p>${texts.length === 0 ? '' : html`<dl class="kv">${texts}</dl>`}</div>`;
}
