import { isJsonObject } from './descriptor.ts';

/** The platform that builders give to attestation manifests of an index. */
const noPlatform = 'unknown/unknown';

/** Name of a platform, such as `linux/arm64/v8` (image-spec config.md); empty if the value has none. */
export function platformName(platform: unknown): string {
  if (!isJsonObject(platform)) return '';
  const parts = [platform['os'], platform['architecture'], platform['variant']];
  return parts.filter((part) => typeof part === 'string' && part !== '').join('/');
}

/** Names of the platforms in the entries of an index (image-spec image-index.md), each once. */
export function listedPlatforms(entries: readonly unknown[]): readonly string[] {
  const names = entries.map((entry) => platformName(isJsonObject(entry) ? entry['platform'] : undefined));
  return [...new Set(names.filter((name) => name !== '' && name !== noPlatform))];
}
