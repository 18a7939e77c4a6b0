import { expect, test } from 'vitest';
import { attachmentKind, attachmentKinds, attachmentPatterns, attachmentTags, signatureTypes } from './attachment.ts';

test.each([
  ['application/vnd.dev.cosign.artifact.sig.v1+json', 'signature'],
  ['application/vnd.dev.sigstore.bundle.v0.3+json', 'signature'],
  ['application/vnd.cncf.notary.signature', 'signature'],
  ['application/spdx+json', 'sbom'],
  ['application/vnd.cyclonedx+json', 'sbom'],
  ['application/vnd.dev.cosign.artifact.sbom.v1+json', 'sbom'],
  ['application/vnd.in-toto+json', 'attestation'],
  ['application/vnd.dev.cosign.artifact.att.v1+json', 'attestation'],
  ['application/sarif+json', 'scan'],
  ['application/vnd.oci.image.config.v1+json', undefined],
  ['application/vnd.cncf.helm.config.v1+json', undefined],
])('%s is of the kind %s', (artifactType, kind) => {
  expect(attachmentKind(artifactType)).toBe(kind);
});

test('kinds come from types and from tags of cosign, each once', () => {
  const [signature = '', sbom = '', attestation = ''] = attachmentTags('sha256:ab');
  expect([signature, sbom, attestation]).toEqual(['sha256-ab.sig', 'sha256-ab.sbom', 'sha256-ab.att']);
  expect(attachmentKinds(['application/sarif+json', 'application/spdx+json', 'x/y'], [signature, sbom])).toEqual([
    'signature',
    'sbom',
    'scan',
  ]);
  expect(attachmentKinds([], ['v1.sigma', attestation])).toEqual(['attestation']);
  expect(attachmentKinds([], [])).toEqual([]);
});

test('the parts of the types of signatures are what their expression finds', () => {
  expect(attachmentPatterns.signature.source).toBe(signatureTypes.map((part) => part.replaceAll('.', '\\.')).join('|'));
});
