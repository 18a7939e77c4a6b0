/** What a manifest that refers to an image is: what people look for beside an image. */
export type AttachmentKind = 'signature' | 'sbom' | 'attestation' | 'scan';

/** Parts of the artifact types of signatures, those of cosign, sigstore and notation. */
export const signatureTypes = ['.sig.v', 'notary.signature', 'sigstore.bundle', 'simplesigning'] as const;

/**
 * Which artifact types are what, by expressions that PostgreSQL understands as well: those of cosign, sigstore and notation, SPDX,
 * CycloneDX and syft, in-toto and SLSA, SARIF and reports of scanners.
 */
export const attachmentPatterns: Readonly<Record<AttachmentKind, RegExp>> = {
  signature: /\.sig\.v|notary\.signature|sigstore\.bundle|simplesigning/,
  sbom: /spdx|cyclonedx|sbom|syft/,
  attestation: /in-toto|attestation|slsa|provenance|\.att\.v/,
  scan: /sarif|vulnerab|trivy/,
};

const kinds = Object.entries(attachmentPatterns) as [AttachmentKind, RegExp][];

/** Ends of the tags by which cosign finds what belongs to an image, `sha256-<hex>.sig`, in registries without referrers. */
export const attachmentTagEnds: Readonly<Partial<Record<AttachmentKind, string>>> = {
  signature: '.sig',
  sbom: '.sbom',
  attestation: '.att',
};

/** The kind that an artifact type says, if it is one of these. */
export function attachmentKind(artifactType: string): AttachmentKind | undefined {
  return kinds.find(([, pattern]) => pattern.test(artifactType))?.[0];
}

/** The kinds that artifact types, and tags of cosign's scheme, say; each once, in the order above. */
export function attachmentKinds(artifactTypes: readonly string[], tags: readonly string[]): AttachmentKind[] {
  const found = new Set(artifactTypes.map(attachmentKind));
  for (const [kind] of kinds) if (tags.some((tag) => tag.endsWith(attachmentTagEnds[kind] ?? ' '))) found.add(kind);
  return kinds.map(([kind]) => kind).filter((kind) => found.has(kind));
}

/** The tags that cosign gives what belongs to an image. */
export function attachmentTags(digest: string): string[] {
  return Object.values(attachmentTagEnds).map((end) => `${digest.replace(':', '-')}${end}`);
}
