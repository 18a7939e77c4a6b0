import { type Digest, isJsonObject, type RepositoryName } from '@mcr/core';
import type { ServiceContext } from '../context.ts';
import { configDigest, readConfig, readJson } from './config.ts';

/** Of an image's config; configs never change, so what was once read is remembered. */
const remembered = new Map<Digest, string>();
/** About 100 bytes each. */
const maxRemembered = 20_000;
/** Of a config that is read for its platform only: lists read hundreds. Long histories make some of 100 KiB. */
const maxConfigSize = 256 * 1024;
/** What builders call the manifests of an index that are attestations. */
const noPlatform = 'unknown/unknown';

/** Platforms of a manifest, such as `linux/arm64/v8`: those that an index lists, or the one of an image's config. */
export async function platformsOf(
  context: ServiceContext,
  repository: RepositoryName,
  content: Uint8Array,
): Promise<readonly string[]> {
  const manifest = readJson(content);
  const listed = manifest?.['manifests'];
  if (Array.isArray(listed)) {
    const names = listed.map((child: unknown) => nameOf(isJsonObject(child) ? child['platform'] : undefined));
    return [...new Set(names.filter((name) => name !== '' && name !== noPlatform))];
  }
  const digest = configDigest(manifest);
  if (digest === undefined) return [];
  const known = remembered.get(digest) ?? (await readPlatform(context, repository, digest));
  return known === '' ? [] : [known];
}

async function readPlatform(context: ServiceContext, repository: RepositoryName, digest: Digest): Promise<string> {
  const bytes = await readConfig(context, repository, digest, maxConfigSize);
  if (bytes === undefined) return '';
  const name = nameOf(readJson(bytes));
  const [oldest] = remembered.keys();
  if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest);
  remembered.set(digest, name);
  return name;
}

function nameOf(platform: unknown): string {
  if (!isJsonObject(platform)) return '';
  const parts = [platform['os'], platform['architecture'], platform['variant']];
  return parts.filter((part) => typeof part === 'string' && part !== '').join('/');
}
