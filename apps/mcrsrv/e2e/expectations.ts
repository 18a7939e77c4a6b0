import { type Digest, digestAlgorithm, digestOf } from '@mcr/core';
import type { OciClient, ProcessResult, TestImage, TestIndex } from '@mcr/testkit';
import { expect } from 'vitest';

/** The command ended well; the whole output is in the message otherwise. */
export function expectSuccess(result: ProcessResult): void {
  expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 });
}

/** The command failed, without crashing, and said why in words that match. */
export function expectFailure(result: ProcessResult, reason: RegExp): void {
  const output = result.stdout + result.stderr;
  expect(result.code, output).toBeGreaterThan(0);
  expect(output).toMatch(reason);
  expect(output).not.toMatch(/panic|goroutine|unexpected EOF|connection reset|broken pipe/i);
}

/** The certificate was the reason. */
export const untrusted = /certificate signed by unknown authority/;

interface Descriptor {
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Downloads everything that `reference` leads to and checks every byte against its digest and size. Returns the digest
 * of the manifest, and of all layers in order.
 */
export async function expectIntact(
  client: OciClient,
  repository: string,
  reference: string,
): Promise<{ digest: string; layers: readonly string[] }> {
  const response = await client.getManifest(repository, reference);
  expect(response.status, `${repository}:${reference} ${response.text()}`).toBe(200);
  const digest = response.header('docker-content-digest') as Digest;
  expect(digestOf(response.body, digestAlgorithm(digest))).toBe(digest);
  expect(response.header('content-length')).toBe(String(response.body.byteLength));

  const content = response.json();
  const layers: string[] = [];
  for (const child of (content.manifests ?? []) as Descriptor[]) {
    const inner = await expectIntact(client, repository, child.digest);
    expect(inner.digest).toBe(child.digest);
    layers.push(...inner.layers);
  }
  for (const blob of [...(content.layers ?? []), ...(content.config ? [content.config] : [])] as Descriptor[]) {
    expect(await client.hashBlob(repository, blob.digest)).toEqual({
      status: 200,
      size: blob.size,
      digest: blob.digest,
    });
  }
  layers.push(...((content.layers ?? []) as Descriptor[]).map((layer) => layer.digest));
  return { digest, layers };
}

/** The repository holds exactly this content under `reference`: same manifest, every byte of every layer. */
export async function expectSame(
  client: OciClient,
  repository: string,
  reference: string,
  content: TestImage | TestIndex,
): Promise<void> {
  const images = 'images' in content ? content.images : [content];
  expect(await expectIntact(client, repository, reference)).toEqual({
    digest: content.manifest.digest,
    layers: images.flatMap(({ layers }) => layers.map((layer) => layer.digest)),
  });
}

/** The digests of an image's uncompressed layers, as its config lists them. */
export async function diffIdsOf(client: OciClient, repository: string, reference: string): Promise<readonly string[]> {
  const manifest = (await client.getManifest(repository, reference)).json();
  return (await client.getBlob(repository, manifest.config.digest)).json().rootfs.diff_ids;
}
