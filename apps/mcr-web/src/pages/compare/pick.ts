import type { InspectManifestResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import { attestationType, type ManifestFacts } from '../manifest/read-manifest.ts';

/** A tag and the digest that it names. */
interface Tagged {
  readonly name: string;
  readonly digest: string;
}

/** The tag to compare with one that was asked for: the version before it, else the one after it, that is another image. */
export function earlierTag(tags: readonly Tagged[], to: string): string | undefined {
  const at = tags.findIndex(({ name, digest }) => name === to || digest === to);
  const digest = at === -1 ? to : tags[at]?.digest;
  const isOther = (tag: Tagged) => tag.digest !== digest;
  const before = tags.slice(0, at === -1 ? tags.length : at).findLast(isOther);
  return (before ?? tags.slice(at + 1).find(isOther))?.name;
}

/** Digests of the manifests of an index that are in the repository, by platform; empty for another manifest. */
export function platformsOf(facts: ManifestFacts, { children }: InspectManifestResponse): ReadonlyMap<string, string> {
  const here = new Set(children.map(({ manifest }) => manifest?.digest));
  const images = facts.children.filter(
    ({ digest, platform = '', annotations }) =>
      platform !== '' && here.has(digest) && !annotations.has(attestationType),
  );
  return new Map(images.map(({ platform = '', digest }) => [platform, digest]));
}

/** The platform to compare: the one that was asked for, else the first one that both have, else the first of one. */
export function choosePlatform(asked: string, from: readonly string[], to: readonly string[]): string | undefined {
  const both = to.filter((platform) => from.includes(platform));
  return both.find((platform) => platform === asked) ?? both[0] ?? to[0] ?? from[0];
}
