import { blobOf, descriptorOf, type TestBlob, type TestManifest } from '@mcr/testkit';
import { expect } from 'vitest';
import { imageOf, indexOf, pushBlobs } from '../_util/manifests.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import type { TestServer } from '../_util/server.ts';

export const configOf = (fields: object): TestBlob =>
  blobOf(JSON.stringify(fields), 'application/vnd.oci.image.config.v1+json');

/** What a repository for lists holds: an index that is tagged, and what refers to it. */
export interface Seed {
  readonly repository: string;
  readonly index: TestManifest;
  readonly configs: readonly TestBlob[];
  readonly images: readonly TestManifest[];
}

/** Pushes some images, an index of theirs, and as many signatures of that with annotations of their own. */
export async function seed(server: TestServer, repository: string, count: number): Promise<Seed> {
  const numbers = Array.from({ length: count }, (_, at) => at);
  const platformOf = (at: number) => ({ os: 'linux', architecture: `${repository}${at}`, variant: 'v8' });
  const configs = numbers.map((at) => configOf(platformOf(at)));
  await pushBlobs(server.admin, repository, ...configs);
  const images = configs.map((config) => imageOf(config));
  const entries = images.map((image, at) => ({ ...descriptorOf(image), platform: platformOf(at) }));
  const index = indexOf(entries, { annotations: { is: 'index' } });
  const signatures = numbers.map((at) => {
    const annotations = { 10: 'ten', b: `"${at}" ü\u0000`, a: '' };
    const fields = { subject: descriptorOf(index), artifactType: 'application/x.signature', annotations };
    return at % 2 === 0 ? imageOf(configs[at]!, [], fields) : indexOf([], fields);
  });
  const push = async (manifest: TestManifest, tag?: string) => {
    const reference = tag === undefined ? manifest.digest : `${manifest.digest}?tag=${tag}`;
    expect((await server.admin.pushManifest(repository, reference, manifest)).status).toBe(201);
  };
  for (const [at, image] of images.entries()) await push(image, `v${at}`);
  await push(index, 'latest');
  for (const [at, signature] of signatures.entries()) await push(signature, `sig-${at}`);
  return { repository, index, configs, images: [...images, ...signatures] };
}

/** Everything that lists say, byte for byte. */
export async function listsOf({ admin }: TestServer, { repository, index }: Seed): Promise<string[]> {
  const paths = [
    `/v2/${repository}/referrers/${index.digest}`,
    `/v2/${repository}/referrers/${index.digest}?artifactType=application/x.signature&n=3`,
    `/v1/repositories/${repository}/tags?details=true`,
    `/v1/repositories/${repository}/manifests/${index.digest}:inspect`,
  ];
  const texts: string[] = [];
  for (const path of paths) {
    const response = await admin.request('GET', path);
    expect(response.status, response.text()).toBe(200);
    texts.push(response.text());
  }
  return texts;
}

/** Makes a database forget what lists need, as that of an older version knows nothing of it. */
export async function forgetSummaries(server: TestServer): Promise<void> {
  await sqlFromOutside(
    server,
    'UPDATE manifest_summaries SET annotations = NULL, platforms = NULL, config_media_type = NULL',
  );
}
