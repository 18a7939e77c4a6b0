import { annotationsOfContent, listedPlatforms, type RepositoryName } from '@mcr/core';
import type { ListedManifest, TagDetails } from '@mcr/db';
import { type ConfigParts, configDigest, readJson } from './config.ts';
import { isWhole } from './damage.ts';
import { platformsOfConfig } from './platforms.ts';

/**
 * Annotations of a manifest in a list. As long as they are not filled in, its content is hashed and parsed for them:
 * `undefined` for one that turns out damaged. None where the list leaves out both.
 */
export async function annotationsOf(
  parts: ConfigParts,
  repository: RepositoryName,
  { digest, annotations, content }: ListedManifest,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (annotations !== undefined) return annotations;
  if (content === undefined) return {};
  return (await isWhole(parts, repository, { digest, content })) ? annotationsOfContent(content) : undefined;
}

/**
 * Platforms of a tag in a list. As long as they are not filled in, content and config are read for them; none where they
 * say nothing, or are damaged.
 */
export async function platformsOf(
  parts: ConfigParts,
  repository: RepositoryName,
  { digest, platforms, content }: TagDetails,
): Promise<readonly string[]> {
  if (platforms !== undefined) return platforms;
  if (content === undefined || !(await isWhole(parts, repository, { digest, content }))) return [];
  const manifest = readJson(content);
  const listed = manifest?.['manifests'];
  if (Array.isArray(listed)) return listedPlatforms(listed);
  const config = configDigest(manifest);
  return (config && (await platformsOfConfig(parts, repository, config))) ?? [];
}
