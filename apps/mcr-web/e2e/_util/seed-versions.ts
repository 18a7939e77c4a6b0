import { digestOf, mediaTypes } from '@mcr/core';
import { blobOf, buildArtifact, descriptorOf, pushImage, type TestDescriptor } from '@mcr/testkit';
import type { Stack } from './stack.ts';

const repository = 'shop/checkout';
const configType = 'application/vnd.oci.image.config.v1+json';

/** A build, and what an inventory of it lists. */
interface Version {
  readonly tag: string;
  /** Content and command of each layer. */
  readonly layers: readonly (readonly [content: string, command: string])[];
  readonly env: readonly string[];
  readonly packages: Readonly<Record<string, string>>;
}

const versions: readonly Version[] = [
  {
    tag: '1.11.3',
    layers: [
      ['base'.repeat(9_000), 'ADD debian-12-slim.tar.gz /'],
      ['modules'.repeat(2_000), 'COPY --from=build /out/node_modules ./node_modules'],
      ['dist 3'.repeat(700), 'COPY --from=build /out/dist ./dist'],
      ['pruned', 'RUN npm prune --omit=dev'],
    ],
    env: ['NODE_ENV=production', 'PORT=3000', 'STRIPE_API_KEY=correct-horse'],
    packages: { openssl: '3.0.14', libxml2: '2.9.14', undici: '6.19.2', 'left-pad': '1.3.0' },
  },
  {
    tag: '1.11.4',
    layers: [
      ['base'.repeat(9_000), 'ADD debian-12-slim.tar.gz /'],
      ['modules'.repeat(2_000), 'COPY --from=build /out/node_modules ./node_modules'],
      ['dist 4'.repeat(800), 'COPY --from=build /out/dist ./dist'],
      ['cache'.repeat(300), 'RUN ./bin/precompile --all && rm -rf .cache'],
    ],
    env: ['NODE_ENV=production', 'PORT=8080', 'STRIPE_API_KEY=correct-horse', 'RETRY_LIMIT=5'],
    packages: { openssl: '3.0.15', libxml2: '2.9.15', undici: '6.19.2', 'p-retry': '6.2.0' },
  },
];

const json = (value: unknown) => JSON.stringify(value);

/** Two versions of an image, each with an SBOM, a scan report, an attestation and a signature. Returns the
 * digests of the last, and the path of a file. */
export async function seedVersions({ registry }: Pick<Stack, 'registry'>): Promise<ReadonlyMap<string, string>> {
  const client = registry.client();
  const digests = new Map<string, string>();
  for (const version of versions) {
    const subject = await pushVersion(version);
    for (const [name, artifactType, content] of attached(version, subject)) {
      const built = buildArtifact({ artifactType, content, subject });
      await pushImage(client, repository, built.manifest.digest, built);
      digests.set(name, built.manifest.digest);
      const [file] = built.layers;
      if (name === 'sarif') digests.set('file', `/files/${repository}/${built.manifest.digest}/${file?.digest}`);
    }
  }
  return digests;

  async function pushVersion({ tag, layers, env }: Version): Promise<TestDescriptor> {
    const blobs = layers.map(([content]) => blobOf(content, 'application/vnd.oci.image.layer.v1.tar'));
    const config = blobOf(
      json({
        os: 'linux',
        architecture: 'amd64',
        created: '2026-01-31T12:00:00Z',
        config: { Entrypoint: ['node', 'dist/server.js'], Env: env, Labels: { revision: `revision of ${tag}` } },
        rootfs: { type: 'layers', diff_ids: blobs.map(({ digest }) => digest) },
        history: [
          ...layers.map(([, command]) => ({ created_by: command })),
          { created_by: 'ENTRYPOINT ["node", "dist/server.js"]', empty_layer: true },
        ],
      }),
      configType,
    );
    for (const blob of [...blobs, config]) await client.pushBlob(repository, blob);
    const content = { schemaVersion: 2, mediaType: mediaTypes.ociManifest };
    const bytes = Buffer.from(
      json({ ...content, config: descriptorOf(config), layers: blobs.map((blob) => descriptorOf(blob)) }),
    );
    const manifest = { mediaType: mediaTypes.ociManifest, digest: digestOf(bytes), size: bytes.byteLength, bytes };
    const response = await client.pushManifest(repository, tag, manifest);
    if (response.status !== 201) throw new Error(`Not accepted: ${response.status} ${response.text()}`);
    return manifest;
  }
}

/** Name, artifact type and content of what tools attach. */
function attached(
  { packages, tag }: Version,
  { digest }: TestDescriptor,
): readonly (readonly [string, string, string])[] {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `${repository}:${tag}`, digest: { sha256: digest.replace('sha256:', '') } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: { buildType: 'https://mobyproject.org/buildkit@v1', externalParameters: { branch: 'main' } },
      runDetails: { builder: { id: 'https://ci.example.com/runner' } },
    },
  };
  const envelope = {
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(json(statement)).toString('base64'),
  };
  return [
    ['spdx', 'application/spdx+json', json(spdx(packages))],
    ['cyclonedx', 'application/vnd.cyclonedx+json', json(cycloneDx(packages))],
    ['sarif', 'application/sarif+json', json(sarif)],
    ['attestation', 'application/vnd.in-toto+json', json({ ...envelope, signatures: [{ keyid: '', sig: 'c2ln' }] })],
    ['signature', 'application/vnd.dev.sigstore.bundle.v0.3+json', json(bundle)],
  ];
}

function spdx(packages: Version['packages']): object {
  return {
    spdxVersion: 'SPDX-2.3',
    name: repository,
    creationInfo: { created: '2026-01-31T12:00:00Z', creators: ['Tool: syft-1.18.0', 'Organization: Example'] },
    packages: Object.entries(packages).map(([name, versionInfo]) => ({
      name,
      versionInfo,
      licenseConcluded: name === 'left-pad' ? 'WTFPL' : 'MIT',
      externalRefs: [{ referenceType: 'purl', referenceLocator: `pkg:generic/${name}@${versionInfo}` }],
    })),
  };
}

function cycloneDx(packages: Version['packages']): object {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { timestamp: '2026-01-31T12:00:00Z', tools: { components: [{ name: 'trivy', version: '0.58.0' }] } },
    components: Object.entries(packages).map(([name, version]) => ({
      type: 'library',
      name,
      version,
      purl: `pkg:generic/${name}@${version}`,
      licenses: [{ license: { id: 'MIT' } }],
    })),
  };
}

const sarif = {
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'Trivy',
          version: '0.58.0',
          rules: [
            { id: 'CVE-2026-21441', properties: { 'security-severity': '7.8' } },
            { id: 'CVE-2026-18820', properties: { 'security-severity': '9.1' } },
            { id: 'CVE-2026-10277', properties: { 'security-severity': '5.0' } },
          ],
        },
      },
      results: [
        ['CVE-2026-21441', 'error', 'openssl 3.0.15, fixed in 3.0.16'],
        ['CVE-2026-18820', 'error', 'undici 6.19.2, fixed in 6.21.0'],
        ['CVE-2026-10277', 'warning', 'zlib1g 1.2.13, no fix yet'],
      ].map(([ruleId, level, text]) => ({
        ruleId,
        level,
        message: { text },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'usr/lib/status.d/base' } } }],
      })),
    },
  ],
};

const bundle = {
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: { publicKey: { hint: '3f:a1:77:c0' }, tlogEntries: [{ logIndex: '148201337' }] },
  messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: 'AAAA' }, signature: 'c2lnbmF0dXJl' },
};
