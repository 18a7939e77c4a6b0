import {
  buildImage,
  createTestCa,
  type OciClient,
  pushImage,
  seededBytes,
  startRegistry,
  type TestRegistry,
} from '@mcr/testkit';
import { attachArtifactToImage, getImageDigest } from '@sigstore/oci';
import { beforeAll, expect, test } from 'vitest';
import { expectIntact } from '../expectations.ts';
import { sharedResources } from '../shared.ts';

/** @sigstore/oci speaks http to localhost and 127.0.0.1, but https to the rest of the loopback network. */
const address = '127.0.0.2';

const shared = sharedResources();
let registry: TestRegistry;
let client: OciClient;

beforeAll(async () => {
  registry = shared.use(await startRegistry({ address }));
  client = registry.client();
});

const credentials = () => ({ username: 'admin', password: registry.adminPassword });
const fetchOptions = (ca: string) => ({ ca, retry: false, noProxy: '*', proxy: '', timeout: 10_000 });

test('@sigstore/oci finds an image, attaches an artifact to it, and the registry lists it as a referrer', async () => {
  const image = await buildImage({ layers: [{ size: 100 }] });
  await pushImage(client, 'sigstore/app', 'v1', image);
  const imageName = `${registry.host}/sigstore/app`;
  const { digest } = image.manifest;
  expect(
    await getImageDigest({
      imageName,
      imageTag: 'v1',
      credentials: credentials(),
      fetchOpts: fetchOptions(registry.ca),
    }),
  ).toBe(digest);

  const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
  const attached = await attachArtifactToImage({
    imageName,
    imageDigest: digest,
    credentials: credentials(),
    artifact: Buffer.from('{"a":"signature"}'),
    mediaType,
    annotations: { 'dev.sigstore.bundle.content': 'dsse-envelope' },
    fetchOpts: fetchOptions(registry.ca),
  });
  expect(attached).toMatchObject({ subjectDigest: digest });
  await expectIntact(client, 'sigstore/app', attached.digest);

  const referrers = await client.referrers('sigstore/app', digest);
  expect(referrers.json().manifests).toMatchObject([
    {
      digest: attached.digest,
      artifactType: mediaType,
      annotations: { 'dev.sigstore.bundle.content': 'dsse-envelope' },
    },
  ]);
  // With the referrers API there is no need for the tag that older registries make do with.
  expect((await client.tags('sigstore/app')).json().tags).toEqual(['v1']);
});

test('@sigstore/oci attaches a large artifact', async () => {
  const image = await buildImage({ layers: [{ size: 100 }] });
  await pushImage(client, 'sigstore/large', 'v1', image);
  const attached = await attachArtifactToImage({
    imageName: `${registry.host}/sigstore/large`,
    imageDigest: image.manifest.digest,
    credentials: credentials(),
    artifact: seededBytes('sbom', 5_000_000),
    mediaType: 'application/vnd.example.sbom',
    annotations: {},
    fetchOpts: fetchOptions(registry.ca),
  });
  await expectIntact(client, 'sigstore/large', attached.digest);
});

test('@sigstore/oci gets an error for a wrong password', async () => {
  const options = {
    imageName: `${registry.host}/sigstore/app`,
    imageTag: 'v1',
    credentials: { username: 'admin', password: 'wrong' },
    fetchOpts: fetchOptions(registry.ca),
  };
  await expect(getImageDigest(options)).rejects.toMatchObject({ cause: { statusCode: 401 } });
});

test('@sigstore/oci rejects a registry whose certificate another authority issued', async () => {
  const options = {
    imageName: `${registry.host}/sigstore/app`,
    imageTag: 'v1',
    credentials: credentials(),
    fetchOpts: fetchOptions((await createTestCa()).caPem),
  };
  await expect(getImageDigest(options)).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/certificate/) },
  });
});
