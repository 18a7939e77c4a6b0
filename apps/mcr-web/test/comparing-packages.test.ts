import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Stage, startStage } from './_util/stage.ts';

const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const spdx = 'application/spdx+json';
const hostile = '<script>alert(1)</script>';
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

/** Packages by the tag of the image whose SBOM lists them. */
const packages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1.0': { openssl: '3.0.14', zlib: '1.3', gone: '1' },
  '1.1': { openssl: '3.0.15', zlib: '1.3', [hostile]: '2' },
};
let artifactTypes: Readonly<Record<string, string>> = {};
let stage: Stage;

beforeAll(async () => {
  stage = await startStage({
    registry: {
      inspectManifest: ({ reference }) => {
        if (reference.startsWith('sbom-')) {
          const digest = reference.replace('sbom-', 'file-');
          return {
            manifest: { digest: reference, mediaType, artifactType: spdx },
            content: bytes({ layers: [{ digest, mediaType: spdx, size: 9 }] }),
          };
        }
        const artifactType = artifactTypes[reference];
        const sbom = { digest: `sbom-${reference}`, mediaType, subject: reference, artifactType: artifactType ?? '' };
        return {
          manifest: { digest: reference, mediaType },
          content: bytes({ layers: [] }),
          referrers: artifactType === undefined ? [] : [{ manifest: sbom }],
        };
      },
      readBlob: ({ digest }) => {
        const listed = Object.entries(packages[digest.replace('file-', '')] ?? {});
        const content = bytes({
          spdxVersion: 'SPDX-2.3',
          packages: listed.map(([name, versionInfo]) => ({ name, versionInfo })),
        });
        return { content, size: BigInt(content.byteLength) };
      },
    },
  });
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  artifactTypes = { '1.0': spdx, '1.1': spdx };
});

test('packages are compared by the SBOMs of both', async () => {
  const { body } = await stage.grace.get('/compare/team/app?a=1.0&b=1.1');
  const text = body
    .slice(body.indexOf('id="packages"'))
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
  expect(text).toContain('from both SBOMs; 1 is equal');
  expect(text).toContain('openssl 3.0.14 3.0.15 another version');
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; — 2 new');
  expect(text).toContain('gone 1 — removed');
  expect(body).not.toContain('<script>');
});

test.each([
  ['one has no SBOM', { '1.0': spdx }],
  ['they are of two tools', { '1.0': spdx, '1.1': 'application/vnd.cyclonedx+json' }],
])('packages are not compared where %s', async (_name, types: Record<string, string>) => {
  artifactTypes = types;
  const { status, body } = await stage.grace.get('/compare/team/app?a=1.0&b=1.1');
  expect(status).toBe(200);
  expect(body).not.toContain('id="packages"');
});
