import { mediaTypes } from '@mcr/core';
import { type Answer, type Connection, requestHead } from './connection.ts';
import { type Content, uniqueContent } from './content.ts';
import type { RunningPeer } from './peers/peer.ts';

/** Pushes a blob as docker, podman and skopeo do: POST, one PATCH with everything, empty PUT. */
export async function pushBlob(
  connection: Connection,
  peer: RunningPeer,
  repository: string,
  content: Content,
): Promise<void> {
  const started = await expectStatus(
    202,
    connection.send(requestHead(peer, 'POST', `/v2/${repository}/blobs/uploads/`, 0)),
  );
  const patch = requestHead(peer, 'PATCH', locationOf(started), content.size, 'application/octet-stream');
  const patched = await expectStatus(202, connection.send(patch, content.chunks));
  const location = locationOf(patched);
  const query = `${location.includes('?') ? '&' : '?'}digest=${content.digest}`;
  await expectStatus(201, connection.send(requestHead(peer, 'PUT', `${location}${query}`, 0)));
}

/** Pushes an image of random small layers and sets the tag. */
export async function pushImage(
  connection: Connection,
  peer: RunningPeer,
  repository: string,
  tag: string,
): Promise<void> {
  const [config, ...layers] = [uniqueContent(512), uniqueContent(4_096), uniqueContent(4_096)] as const;
  for (const content of [...layers, config]) await pushBlob(connection, peer, repository, content);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: describe('application/vnd.oci.image.config.v1+json', config),
      layers: layers.map((layer) => describe('application/vnd.oci.image.layer.v1.tar+gzip', layer)),
    }),
  );
  const head = requestHead(peer, 'PUT', `/v2/${repository}/manifests/${tag}`, manifest.length, mediaTypes.ociManifest);
  await expectStatus(201, connection.send(head, [manifest]));
}

/** Waits for an answer that must have this status. */
export async function expectStatus(status: number, answer: Promise<Answer>): Promise<Answer> {
  const got = await answer;
  if (got.status !== status) throw new Error(`Expected ${status}, got ${got.headers}`);
  return got;
}

function describe(mediaType: string, { digest, size }: Content): object {
  return { mediaType, digest, size };
}

function locationOf({ headers }: Answer): string {
  const location = /\r\nlocation: *([^\r]+)/i.exec(headers)?.[1] ?? '';
  const { pathname, search } = new URL(location, 'https://any');
  return pathname + search;
}
