import { type Digest, hasDigest, type ParsedManifest, platformName, type RepositoryName } from '@mcr/core';
import type { ManifestSummary } from '@mcr/db';
import { type ConfigParts, readBytes, readJson } from './config.ts';

/** Of a config that is read for its platform only. Long histories make some of 100 KiB. */
const maxConfigSize = 256 * 1024;

/** What is kept of a manifest for lists, given its platforms as far as they are known. */
export function summaryOf(
  { annotations, configMediaType }: ParsedManifest,
  platforms: readonly string[] | undefined,
): ManifestSummary {
  return {
    annotations,
    ...(configMediaType !== undefined && { configMediaType }),
    ...(platforms !== undefined && { platforms }),
  };
}

/**
 * Platforms of a manifest: those that an index lists, or the one of an image's config; `undefined` while that is not in
 * the repository, or damaged. Throws what the stores throw.
 */
export async function readPlatforms(
  parts: ConfigParts,
  repository: RepositoryName,
  { platforms, config }: Pick<ParsedManifest, 'platforms' | 'config'>,
): Promise<readonly string[] | undefined> {
  return platforms ?? (config === undefined ? [] : await platformsOfConfig(parts, repository, config));
}

/** The platform of an image's config, if it names one; `undefined` while it is not in the repository, or damaged. */
export async function platformsOfConfig(
  parts: ConfigParts,
  repository: RepositoryName,
  digest: Digest,
): Promise<readonly string[] | undefined> {
  const record = await parts.store.blobs.find(repository, digest, parts.clock.now());
  if (record === undefined) return undefined;
  if (record.size > maxConfigSize) return [];
  const bytes = await readBytes(parts, record);
  if (bytes === undefined || !hasDigest(bytes, digest)) return undefined;
  const name = platformName(readJson(bytes));
  return name === '' ? [] : [name];
}
