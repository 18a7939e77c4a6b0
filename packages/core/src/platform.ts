import { isJsonObject } from './descriptor.ts';

/** What builders call the manifests of an index that are attestations. */
const noPlatform = 'unknown/unknown';

/** Name of a platform, such as `linux/arm64/v8` (image-spec config.md); empty for a value that names none. */
export function platformName(platform: unknown): string {
  if (!isJsonObject(platform)) return '';
  const parts = [platform['os'], platform['architecture'], platform['variant']];
  return parts.filter((part) => typeof part === 'string' && part !== '').join('/');
}

/** Names of the platforms that entries of an index are for (image-spec image-index.md), each once. */
export function listedPlatforms(entries: readonly unknown[]): readonly string[] {
  const names = entries.map((entry) => platformName(isJsonObject(entry) ? entry['platform'] : undefined));
  return [...new Set(names.filter((name) => name !== '' && name !== noPlatform))];
}
