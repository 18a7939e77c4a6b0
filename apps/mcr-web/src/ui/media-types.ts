import { imageManifestTypes, indexTypes } from '@mcr/core';

const configTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

const known: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/cosign.*sig|notary.*signature|sigstore\.bundle|simplesigning/, 'signature'],
  [/in-toto|attestation|slsa|provenance/, 'attestation'],
  [/spdx|cyclonedx|sbom/, 'SBOM'],
  [/helm/, 'Helm chart'],
  [/sarif|vulnerab|cosmian|trivy/, 'scan report'],
  [/wasm/, 'WebAssembly module'],
];

/** The kind of a manifest, in a word or two. */
export function kindOf(mediaType: string, artifactType?: string): string {
  if (artifactType !== undefined && !configTypes.has(artifactType)) {
    return known.find(([pattern]) => pattern.test(artifactType))?.[1] ?? 'artifact';
  }
  if (indexTypes.has(mediaType)) return 'index';
  return imageManifestTypes.has(mediaType) ? 'image' : 'manifest';
}

/** Whether a container engine can run it. */
export function isRunnable(mediaType: string, artifactType?: string): boolean {
  const kind = kindOf(mediaType, artifactType);
  return kind === 'image' || kind === 'index';
}
