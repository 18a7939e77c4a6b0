import { join } from 'node:path';
import { digestOf, mediaTypes } from '@mcr/core';
import {
  blobOf,
  buildArtifact,
  buildImage,
  buildIndex,
  createSkopeo,
  descriptorOf,
  isPresent,
  pushImage,
  type TestDescriptor,
  writeOciLayout,
} from '@mcr/testkit';
import type { Stack } from './stack.ts';

/** The pushed content, for tests to look for. */
export interface Seed {
  /** The index `team/app:1.0`, the image of it for amd64, and one of its layers. */
  readonly index: string;
  readonly image: string;
  readonly layer: string;
}

const configType = 'application/vnd.oci.image.config.v1+json';
/** Text that a page must never treat as its own markup. */
export const hostile = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
/** What an image says of itself, with all that a readme has, and what none may have. */
const readme = `# Labelled\n\nA **fine** app, with [a page](https://example.com/app) and \`code\`.\n\n- one\n- two\n\n| port | for |
|:-:|--|\n| 8080 | requests |\n\n> quoted\n\n\`\`\`sh\nmake\n\`\`\`\n\n${hostile}\n\n![pixel](https://example.com/x.png) [x](javascript:alert(1))`;

/** Fills a registry as real clients do: images for several platforms, signatures, many tags, an artifact. */
export async function seed({ registry }: Stack): Promise<Seed> {
  const client = registry.client();
  const base = { size: 400_000, seed: 'base' };
  const platforms = ['amd64', 'arm64'].map((architecture) =>
    buildImage({ layers: [base, { size: 90_000, seed: architecture }], platform: { os: 'linux', architecture } }),
  );
  const images = await Promise.all(platforms);
  const index = buildIndex(images, { annotations: { 'org.opencontainers.image.source': 'https://example.com/app' } });
  for (const tag of ['1.0', '1.1', 'latest']) await pushImage(client, 'team/app', tag, index);
  const [image] = images;
  if (image === undefined) throw new Error('There is no image');
  const signature = {
    artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    content: '{}',
    annotations: { note: hostile },
  };
  await refer(index.manifest, signature);
  await refer(image.manifest, { artifactType: 'application/spdx+json', content: '{"spdxVersion":"SPDX-2.3"}' });
  for (let at = 1; at <= 12; at += 1) {
    await pushImage(
      client,
      'team/app',
      `pr-${at}`,
      await buildImage({ layers: [base, { size: 2_000 * at, seed: `pr-${at}` }] }),
    );
  }
  for (const name of ['mirror/alpine', 'mirror/debian', 'team/worker', 'tools/lint']) {
    await pushImage(
      client,
      name,
      '1.0',
      await buildImage({ layers: [base, { size: 30_000 + name.length, seed: name }] }),
    );
  }
  await pushLabelled();
  await pushWithSkopeo();
  return { index: index.manifest.digest, image: image.manifest.digest, layer: image.layers[0]?.digest ?? '' };

  async function refer(
    subject: TestDescriptor,
    artifact: Omit<Parameters<typeof buildArtifact>[0], 'subject'>,
  ): Promise<void> {
    const built = buildArtifact({ ...artifact, subject });
    await pushImage(client, 'team/app', built.manifest.digest, built);
  }

  /** An image with every field of a configuration, some of them hostile. */
  async function pushLabelled(): Promise<void> {
    const layer = blobOf('layer', 'application/vnd.oci.image.layer.v1.tar');
    const config = blobOf(
      JSON.stringify({
        os: 'linux',
        architecture: 'amd64',
        created: '2026-01-31T12:00:00Z',
        config: {
          Entrypoint: ['/bin/server', '--listen', ':8080'],
          Cmd: [hostile],
          Env: ['PATH=/usr/bin:/bin', `EVIL=${hostile}`],
          User: '65532',
          WorkingDir: '/srv',
          ExposedPorts: { '8080/tcp': {} },
          Labels: { 'org.opencontainers.image.title': 'Labelled', evil: hostile, [hostile]: 'key' },
        },
        rootfs: { type: 'layers', diff_ids: [layer.digest] },
        history: [
          { created_by: `COPY server /bin/server ${hostile}` },
          { created_by: 'ENTRYPOINT ["/bin/server"]', empty_layer: true },
        ],
      }),
      configType,
    );
    for (const blob of [layer, config]) await client.pushBlob('team/labelled', blob);
    const bytes = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        config: descriptorOf(config),
        layers: [descriptorOf(layer)],
        annotations: { evil: hostile, [hostile]: 'key', 'org.opencontainers.image.description': readme },
      }),
    );
    const manifest = { mediaType: mediaTypes.ociManifest, digest: digestOf(bytes), size: bytes.byteLength, bytes };
    const response = await client.pushManifest('team/labelled', 'latest', manifest);
    if (response.status !== 201) throw new Error(`Not accepted: ${response.status} ${response.text()}`);
  }

  async function pushWithSkopeo(): Promise<void> {
    if (!isPresent('skopeo')) return;
    const directory = join(registry.directory, 'skopeo');
    const layout = join(directory, 'layout');
    await writeOciLayout(layout, index, '1.0');
    const skopeo = createSkopeo({ directory, caPath: registry.caPath });
    await skopeo.login(registry.host, 'admin', registry.adminPassword);
    await skopeo.copy(`oci:${layout}:1.0`, `docker://${registry.host}/skopeo/app:1.0`, '--all');
  }
}
