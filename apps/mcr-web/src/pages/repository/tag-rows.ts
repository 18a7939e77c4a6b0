import type { Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { age, count, size } from '../../ui/format.ts';
import { copyButton, digest } from '../../ui/fragments.ts';
import { type IconName, icon } from '../../ui/icons.ts';
import { manifestPath, pullersPath, tagPath } from '../../ui/links.ts';
import { kindOf } from '../../ui/media-types.ts';
import { menu, menuCopy, menuDelete, menuLink } from '../../ui/menu.ts';
import type { Fragment } from '../../ui/page.ts';
import { tagName } from '../../ui/refs.ts';
import type { RepositoryProps } from './props.ts';

const maxPlatforms = 4;

/** What may be attached to an image, in the order of the column. */
const marks: readonly (readonly [kind: string, sign: IconName, words: string, short: string])[] = [
  ['signature', 'badge-check', 'Has a signature', 'Signature'],
  ['sbom', 'list-tree', 'Has an SBOM', 'SBOM'],
  ['attestation', 'file-check-corner', 'Has attestations', 'Attestations'],
  ['scan', 'bug', 'Has a scan report', 'Scan report'],
];

/** An image of a list, and its tags, the one that says most first. */
export type ImageTags = readonly [Tag, ...Tag[]];

/** Puts tags together that name the same image, in the order in which images come first. */
export function groupTags(tags: readonly Tag[]): ImageTags[] {
  const groups = Map.groupBy(tags, ({ digest: image }) => image);
  return [...groups.values()].map((group) => {
    const main = group.toSorted((a, b) => specificity(b.name) - specificity(a.name))[0]!;
    return [main, ...group.filter((tag) => tag !== main)];
  });
}

/** How much a name says: of versions the longest, such as `1.11.4` beside `1.11` and `latest`. */
function specificity(name: string): number {
  return /^v?\d/.test(name) ? name.length : 0;
}

/** A row of the table: an image with its tags. */
export function imageRow(props: RepositoryProps, [tag, ...others]: ImageTags): Fragment {
  const { repository, name, isAdmin, readsAudit, now } = props;
  const { details } = tag;
  const all = [tag, ...others];
  const more = (details?.imageTags ?? 0) - all.length;
  const query = new URLSearchParams(all.map((it) => ['tag', it.name])).toString();
  const items = [
    menuCopy(tag.digest, 'Copy the digest'),
    ...(readsAudit ? [menuLink(pullersPath(repository.name, tag.digest), 'Who pulled this image')] : []),
    ...(isAdmin
      ? [
          menuDelete(
            `/delete-tags/${repository.name}?${query}`,
            all.length === 1 ? 'Delete tag…' : more > 0 ? 'Delete these tags…' : 'Delete all its tags…',
          ),
        ]
      : []),
  ];
  const by = (who: string | undefined) => (who === undefined ? '' : html` <span class="sub">${who}</span>`);
  return html`<tr role="row">${isAdmin ? html`<td role="cell" class="a-check">${box(tag)}</td>` : ''}<td role="cell" class="name"><span class="names"><a class="strong" href="${tagPath(repository.name, tag.name)}">${tagName(tag.name)}</a>${others.map((it) => otherTag(props, it))}${more > 0 ? moreTags(props, tag, more) : ''}</span><span class="sub">${digest(tag.digest)} · ${platformsOf(tag)}</span></td><td role="cell" class="a-marks">${attachedTo(tag)}</td><td role="cell" class="num a-size">${size(details?.totalSize ?? 0n)}</td><td role="cell" class="a-pull" data-label="Pulled">${lastPull(props, tag)}</td><td role="cell" class="a-push" data-label="Pushed">${age(tag.updatedAt, now)}${by(details?.pushedBy)}</td><td role="cell" class="acts">${copyButton(`${name}/${repository.name}:${tag.name}`, `reference of ${tag.name}`)}${menu(`More for ${tag.name}`, items)}</td></tr>
`;
}

/** A link to all tags of an image of which a row has some. */
function moreTags({ repository }: RepositoryProps, tag: Tag, more: number): Fragment {
  return html`<a class="link nowrap" href="${manifestPath(repository.name, tag.digest)}">and ${count(more)} more</a>`;
}

/** When an image was last pulled; who did is a link to all who did. */
function lastPull({ repository, now }: RepositoryProps, { name, digest: image, details }: Tag): Fragment {
  const { imagePulledAt, imagePulledBy } = details ?? {};
  const who = html` <a class="sub" href="${pullersPath(repository.name, image)}" aria-label="Who pulled ${name}: last ${imagePulledBy ?? ''}">${imagePulledBy ?? ''}</a>`;
  return html`${age(imagePulledAt, now)}${imagePulledBy === undefined ? '' : who}`;
}

function box({ name }: Tag): Fragment {
  return html`<input class="check" type="checkbox" name="tag" value="${name}" aria-label="Select ${name}">`;
}

function otherTag({ repository, isAdmin }: RepositoryProps, tag: Tag): Fragment {
  return html`<span class="names__other">${isAdmin ? box(tag) : ''}<a class="tag" href="${tagPath(repository.name, tag.name)}">${tagName(tag.name)}</a></span>`;
}

function attachedTo({ details }: Tag): Fragment {
  const found = marks.filter(([kind]) => details?.attached.includes(kind));
  if (found.length === 0) return html`<span class="faint">not signed</span>`;
  return html`<span class="marks">${found.map(([, sign, words]) => html`<span class="marks__i" title="${words}" role="img" aria-label="${words}">${icon(sign, 'sm')}</span>`)}</span>`;
}

/** What the marks of a list mean; nothing where it has none. */
export function marksLegend(tags: readonly Tag[]): Fragment {
  const found = marks.filter(([kind]) => tags.some(({ details }) => details?.attached.includes(kind)));
  if (found.length === 0) return html``;
  return html`<div class="card__foot"><ul class="legend legend--row">${found.map(([, sign, , short]) => html`<li>${icon(sign, 'sm')}${short}</li>`)}</ul><span class="faint">Attached, not verified</span></div>`;
}

function platformsOf({ mediaType, details }: Tag): Fragment {
  const names = details?.platforms ?? [];
  if (names.length === 0) return html`${kindOf(mediaType, details?.artifactType)}`;
  const more = names.length - maxPlatforms;
  const short = names.slice(0, maxPlatforms).map((it) => it.replace(/^linux\//, ''));
  return html`<span title="${names.join(', ')}">${short.join(' ')}${more > 0 ? ` and ${more} more` : ''}</span>`;
}
