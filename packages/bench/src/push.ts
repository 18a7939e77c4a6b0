import { mediaTypes } from '@mcr/core';
import { type Address, type Connection, type PeerResponse, requestHead } from './connection.ts';
import { type Content, cut, type Image, textContent, uniqueContent } from './content.ts';

/** How a blob is sent: in one PUT, in one PATCH (docker, podman, skopeo), or in PATCHes of 5 MiB (OCI "chunked"). */
export type Shape = 'one PUT' | 'one PATCH' | '5 MiB chunks';

const chunkBytes = 5 << 20;

/** Pushes a blob; by default as docker does. */
export async function pushBlob(
  connection: Connection,
  peer: Address,
  repository: string,
  content: Content,
  shape: Shape = 'one PATCH',
): Promise<void> {
  const post = requestHead(peer, 'POST', `/v2/${repository}/blobs/uploads/`, { 'Content-Length': 0 });
  let location = locationOf(await expectStatus(202, connection.send(post)));
  let offset = 0;
  for (const part of partsOf(content, shape)) {
    const length = bytesOf(part);
    const range = shape === '5 MiB chunks' && { 'Content-Range': `${offset}-${offset + length - 1}` };
    const patch = requestHead(peer, 'PATCH', location, { ...octets(length), ...range });
    location = locationOf(await expectStatus(202, connection.send(patch, part)));
    offset += length;
  }
  const body = shape === 'one PUT' ? content.chunks : [];
  const path = `${location}${location.includes('?') ? '&' : '?'}digest=${content.digest}`;
  await expectStatus(201, connection.send(requestHead(peer, 'PUT', path, octets(bytesOf(body))), body));
}

/** Makes an image with two random layers of this many bytes each. */
export function uniqueImage(repository: string, tag: string, layerBytes = 4_096): Image {
  const [config, ...layers] = [uniqueContent(512), uniqueContent(layerBytes), uniqueContent(layerBytes)] as const;
  const manifest = textContent(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: describe('application/vnd.oci.image.config.v1+json', config),
      layers: layers.map((layer) => describe('application/vnd.oci.image.layer.v1.tar+gzip', layer)),
    }),
  );
  return { repository, tag, blobs: [...layers, config], manifest };
}

/** Pushes the blobs of an image and sets the tag. Returns the image (default: a new small one). */
export async function pushImage(
  connection: Connection,
  peer: Address,
  repository: string,
  tag: string,
  image: Image = uniqueImage(repository, tag),
): Promise<Image> {
  for (const content of image.blobs) await pushBlob(connection, peer, repository, content);
  await putManifest(connection, peer, image);
  return image;
}

/** Pushes an image that is there already, as clients do: a HEAD for each blob, then the manifest. */
export async function pushAgain(connection: Connection, peer: Address, image: Image): Promise<void> {
  for (const { digest } of image.blobs) {
    const head = requestHead(peer, 'HEAD', `/v2/${image.repository}/blobs/${digest}`);
    await expectStatus(200, connection.send(head));
  }
  await putManifest(connection, peer, image);
}

/** Waits for a response and throws unless it has this status. */
export async function expectStatus(status: number, response: Promise<PeerResponse>): Promise<PeerResponse> {
  const got = await response;
  if (got.status !== status) throw new Error(`Expected ${status}, got ${got.headers}`);
  return got;
}

/** The same image with another tag, whose manifest has an annotation of its own. */
export function withAnnotation(image: Image, tag: string): Image {
  const manifest = { ...JSON.parse(Buffer.concat(image.manifest.chunks).toString()), annotations: { tag } };
  return { ...image, tag, manifest: textContent(JSON.stringify(manifest)) };
}

/** Puts the manifest of an image whose blobs are there. */
export async function putManifest(
  connection: Connection,
  peer: Address,
  { repository, tag, manifest }: Image,
): Promise<void> {
  const path = `/v2/${repository}/manifests/${tag}`;
  const headers = { 'Content-Length': manifest.size, 'Content-Type': mediaTypes.ociManifest };
  const head = requestHead(peer, 'PUT', path, headers);
  await expectStatus(201, connection.send(head, manifest.chunks));
}

function describe(mediaType: string, { digest, size }: Content): object {
  return { mediaType, digest, size };
}

/** The bodies of the PATCHes. */
function partsOf({ chunks }: Content, shape: Shape): readonly (readonly Uint8Array[])[] {
  if (shape === 'one PUT') return [];
  return shape === 'one PATCH' ? [chunks] : cut(chunks, chunkBytes);
}

function octets(length: number): Record<string, string | number> {
  return { 'Content-Length': length, 'Content-Type': 'application/octet-stream' };
}

function bytesOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

function locationOf({ headers }: PeerResponse): string {
  const location = /\r\nlocation: *([^\r]+)/i.exec(headers)?.[1] ?? '';
  const { pathname, search } = new URL(location, 'https://any');
  return pathname + search;
}
