import { digestOf, mediaTypes } from '@mcr/core';
import { blobOf, buildArtifact, buildImage, buildIndex, descriptorOf, pushImage } from '@mcr/testkit';
import { visit } from '../../test/_util/visitor.ts';
import type { Stack } from './stack.ts';

const commit = 'deadbeef'.repeat(5);
const longest = 'w'.repeat(128);
const mixed = `release-candidate_${commit}.${'0123456789'.repeat(6)}`.slice(0, 128);
/** One component without a place to break, then many short ones. */
const repository = `${'m'.repeat(90)}/${'team/'.repeat(18)}app`;
const account = 'n'.repeat(64);
/** Turns the letters after it around (Unicode Bidirectional Algorithm, 3.1). */
const override = '\u202e';
const configType = 'application/vnd.oci.image.config.v1+json';

/** The value of a variable that must not be on a screen before it is asked for. */
export const secret = 'correct-horse-battery-staple';

/** A page; `DIGEST` in its path stands for that of a manifest. */
interface HostilePage {
  readonly name: string;
  readonly path: string;
  readonly status: number;
}

/** The pages that show what {@link seedHostile} makes. */
export const hostilePages: readonly HostilePage[] = [
  { name: 'overview', path: '/', status: 200 },
  { name: 'list of repositories', path: '/repositories?sort=name', status: 200 },
  { name: 'tags', path: `/repositories/${repository}`, status: 200 },
  {
    name: 'filtered tags',
    path: `/repositories/${repository}?q=*&age=7&platform=${'a/'.repeat(60)}b&signed=no`,
    status: 200,
  },
  { name: 'readme', path: `/repositories/${repository}?view=readme`, status: 200 },
  { name: 'layers', path: `/repositories/${repository}?view=layers`, status: 200 },
  { name: 'manifests', path: `/repositories/${repository}?view=manifests`, status: 200 },
  { name: 'page of a tag', path: `/repositories/${repository}:${longest}`, status: 200 },
  { name: 'page of a manifest', path: `/repositories/${repository}/manifests/DIGEST`, status: 200 },
  { name: 'page of an image with secrets', path: '/repositories/team/secret:latest', status: 200 },
  { name: 'page of an SBOM', path: '/repositories/team/report:latest', status: 200 },
  { name: 'comparison', path: '/compare/team/secret?a=older&b=latest', status: 200 },
  { name: 'comparison of long names', path: `/compare/${repository}?a=${commit}&b=${longest}`, status: 200 },
  { name: 'page of an image with many layers', path: '/repositories/team/layers:many', status: 200 },
  {
    name: 'plan of a deletion',
    path: `/delete-tags/${repository}?tag=${longest}&tag=${commit}&tag=${mixed}`,
    status: 200,
  },
  { name: 'deletion of a repository', path: `/delete-repository/${repository}`, status: 200 },
  { name: 'policies', path: `/policies?who=${account}&action=registry%3Apush&repository=${repository}`, status: 200 },
  { name: 'form of a rule', path: '/policies/1', status: 200 },
  { name: 'deletion of a rule', path: '/policies/1/delete', status: 200 },
  { name: 'audit log', path: '/audit', status: 200 },
  { name: 'accounts', path: '/accounts', status: 200 },
  { name: 'tokens', path: '/tokens?all=1', status: 200 },
  { name: 'search', path: `/search?q=${'m'.repeat(90)}`, status: 200 },
  { name: 'search without hits', path: `/search?q=${longest.repeat(4)}`, status: 200 },
  { name: 'own account', path: `/me?repository=${repository}`, status: 200 },
  { name: 'storage', path: '/storage', status: 200 },
  { name: 'page of a missing tag', path: `/repositories/${repository}:missing`, status: 404 },
];

const oddPackage = { name: `${override}${longest}`, versionInfo: commit, licenseDeclared: mixed };

/** Wide tables, long words and lines, and quotes in quotes. */
const readme = `# ${longest}\n\n${override}txet denrut ${'w'.repeat(900)}\n\n|${'a|'.repeat(12)}\n|${'-|'.repeat(12)}\n|${`${commit}|`.repeat(12)}

${'> '.repeat(12)}${longest}\n\n    ${longest.repeat(4)}\n\n\`${longest.repeat(3)}\``;

/**
 * Fills a registry with names of maximum length, with text that turns around what follows, and with secrets. Returns the
 * digest of a manifest.
 */
export async function seedHostile({ registry, url }: Stack): Promise<string> {
  const client = registry.client();
  const images = await Promise.all(
    ['amd64', 'arm64'].map((architecture) =>
      buildImage({
        layers: [{ size: 5_000, seed: architecture }],
        platform: { os: 'linux', architecture },
        annotations: { [longest]: longest },
      }),
    ),
  );
  const index = buildIndex(images, {
    annotations: { [commit]: mixed, turned: `${override}txet denrut`, 'org.opencontainers.image.description': readme },
  });
  for (const tag of [commit, longest, mixed, '1.0']) await pushImage(client, repository, tag, index);
  for (const artifactType of [`application/${'x'.repeat(100)}`, 'application/spdx+json']) {
    const artifact = buildArtifact({
      artifactType,
      content: JSON.stringify({ spdxVersion: `SPDX-${longest}`, name: longest, packages: [oddPackage] }),
      subject: index.manifest,
      annotations: { [mixed]: mixed },
    });
    await pushImage(client, repository, artifact.manifest.digest, artifact);
    await pushImage(client, 'team/report', 'latest', artifact);
  }
  await pushImage(client, 'team/app', commit, await buildImage({ layers: [{ size: 1_000, seed: 'app' }] }));
  const manyLayers = Array.from({ length: 40 }, (_, at) => ({ size: 10 + at, seed: `layer ${at}` }));
  await pushImage(client, 'team/layers', 'many', await buildImage({ layers: manyLayers }));
  await pushSecrets('latest', longest);
  await pushSecrets('older', mixed);
  await registry.addAccount(account);
  const token = { name: 'w'.repeat(64), account, actions: ['registry:pull'], repositories: [repository, 'a/**'] };
  const created = await client.request('POST', '/v1/tokens', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(token),
  });
  if (created.status !== 201) throw new Error(`Not created: ${created.status} ${created.text()}`);

  const admin = visit({ url, ca: { caPem: registry.ca } });
  await admin.signIn('admin', registry.adminPassword);
  const post = async (path: string, fields: Record<string, string>) => {
    const { status, body } = await admin.post(path, fields);
    if (status !== 303) throw new Error(`${path}: ${status}, ${/role="alert">([^<]+)/.exec(body)?.[1]}`);
  };
  const words = 'Ask #platform before you widen this rule; it is long, and nothing of it may be cut; ';
  await post(`/repositories/${repository}`, { description: `${override}${words.repeat(9)}`.slice(0, 500) });
  const rule = { effect: 'deny', priority: '1000000', action: 'registry:delete', enabled: 'on' };
  await post('/policies', {
    ...rule,
    description: words.repeat(20).slice(0, 1_000),
    roles: 'a, b, c',
    repositories: repository,
  });
  await post('/policies', {
    ...rule,
    description: `${override}${'w'.repeat(900)}`,
    roles: account,
    repositories: 'a/*\nb/*',
  });

  return images[0]?.manifest.digest ?? '';

  /** An image whose build and environment hold secrets. */
  async function pushSecrets(tag: string, word: string): Promise<void> {
    const layer = blobOf(`layer of ${tag}`, 'application/vnd.oci.image.layer.v1.tar');
    const config = blobOf(
      JSON.stringify({
        os: 'linux',
        architecture: 'amd64',
        config: {
          Entrypoint: ['/bin/server', `--flag=${word}`],
          Env: [
            'PATH=/usr/bin:/bin',
            `API_KEY=${secret}`,
            `TOKEN=${secret} ${tag}`,
            `DATABASE_URL=postgres://app:${secret}@db/app`,
            word,
          ],
          Labels: { [word]: word, commit },
        },
        rootfs: { type: 'layers', diff_ids: [layer.digest] },
        history: [{ created_by: `RUN |1 NPM_TOKEN=${secret} /bin/sh -c npm ci ${word}` }],
      }),
      configType,
    );
    for (const blob of [layer, config]) await client.pushBlob('team/secret', blob);
    const content = { schemaVersion: 2, mediaType: mediaTypes.ociManifest };
    const bytes = Buffer.from(
      JSON.stringify({ ...content, config: descriptorOf(config), layers: [descriptorOf(layer)] }),
    );
    const manifest = { mediaType: mediaTypes.ociManifest, digest: digestOf(bytes), size: bytes.byteLength, bytes };
    await client.pushManifest('team/secret', tag, manifest);
  }
}
