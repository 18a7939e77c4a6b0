import type { Fact } from '../../output/layout.ts';

interface Descriptor {
  readonly mediaType?: string;
  readonly digest?: string;
  readonly size?: number;
  readonly platform?: { readonly os?: string; readonly architecture?: string; readonly variant?: string };
}

interface Content {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[] | null;
  readonly manifests?: readonly Descriptor[] | null;
}

/**
 * The parts of a manifest, one per line: config and layers of an image, platforms of an index. A list may be null: Go
 * programs encode an empty one so.
 */
export function describeContent(content: unknown): Fact[] {
  const { config, layers, manifests } = (content ?? {}) as Content;
  const parts = [
    ...(config === undefined ? [] : [['config', config] as const]),
    ...(layers ?? []).map((layer, index) => [`layer ${index + 1}`, layer] as const),
    ...(manifests ?? []).map((manifest) => [platformOf(manifest), manifest] as const),
  ];
  return parts.map(([name, { digest = '', size = 0 }]) => [name, digest, { bytes: size }]);
}

function platformOf({ platform }: Descriptor): string {
  const { os, architecture, variant } = platform ?? {};
  return [os, architecture, variant].filter((part) => part !== undefined).join('/') || 'manifest';
}
