import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf } from '@mcr/core';
import { blobOf, startFakeMcias, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { startTestServer } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
let asked = 0;
let elsewhere: Server;
let url: string;
beforeAll(async () => {
  elsewhere = createServer((_, response) => {
    asked += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
});
afterAll(() => {
  elsewhere.close();
});

describe('CVE-2020-13788, CVE-2026-2376, CVE-2026-24117: no client makes the registry ask an address', () => {
  test('by a layer that is elsewhere, an annotation, a header or a parameter', async () => {
    const config = blobOf('{}');
    await pushBlobs(server().admin, 'app', config);
    const layer = {
      mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
      digest: digestOf('elsewhere'),
      size: 9,
      urls: [`${url}/layer`, 'file:///etc/passwd', 'http://169.254.169.254/latest/meta-data'],
    };
    const annotations = { 'org.opencontainers.image.source': url, 'org.opencontainers.image.url': url };
    expect((await server().admin.pushManifest('app', 'v1', imageOf(config, [layer], { annotations }))).status).toBe(
      201,
    );
    const headers = { origin: url, referer: url, 'x-forwarded-host': url.slice('http://'.length) };
    for (const path of [
      '/v2/app/manifests/v1',
      `/v2/app/blobs/${layer.digest}`,
      `/v2/app/referrers/${layer.digest}`,
      `/v2/token?service=${url}&scope=${url}&redirect_uri=${url}`,
      '/v1/repositories/app',
    ]) {
      await server().admin.request('GET', path, { headers });
    }
    await server().admin.request('POST', `/v2/app/blobs/uploads/?mount=${layer.digest}&from=${url}`);
    expect(asked).toBe(0);
  });

  test('by a redirect of the identity service, with the password on the way', async () => {
    await using mcias = await startFakeMcias();
    await using directory = await tempDirectory();
    const ca = join(directory.path, 'mcias-ca.crt');
    await writeFile(ca, mcias.caPem);
    const env = { MCR_AUTH_PROVIDER: 'mcias', MCR_MCIAS_SERVER_URL: mcias.url, MCR_MCIAS_CA_CERT: ca };
    await using registry = await startTestServer({ env });
    for (const status of [301, 302, 303, 307, 308]) {
      mcias.setResponse('login', { status, body: {}, headers: { Location: `${url}/v1/auth/login` } });
      const authorization = `Basic ${Buffer.from('ann:the password of ann').toString('base64')}`;
      expect((await registry.client({}).request('GET', '/v2/token', { authorization })).status).toBe(503);
    }
    expect(asked).toBe(0);
  });

  test('since few files of the server open connections, and one command of its own asks for health', () => {
    const root = fileURLToPath(new URL('../../../../', import.meta.url));
    const folders = [
      'apps/mcrsrv/src',
      ...['auth', 'config', 'core', 'db', 'storage'].map((name) => `packages/${name}/src`),
    ];
    const clients =
      /from 'undici'|undici\.ts'|\{[^}]*\b(?:get|request|connect|createConnection)\b[^}]*\} from 'node:(?:https?|http2|net|tls)'|(?<![.\w])fetch\(/;
    const found = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .map((file) => `${folder}/${file}`)
        .filter((file) => clients.test(readFileSync(join(root, file), 'utf8'))),
    );
    expect(found).toEqual([
      'apps/mcrsrv/src/cli/health.ts',
      'packages/auth/src/mcias-http.ts',
      // To issuers of the configuration, and no other address.
      'packages/auth/src/outbound-fetch.ts',
      // What the files above load when they need it.
      'packages/auth/src/undici.ts',
      // To the endpoint of the configuration.
      'packages/storage/src/s3/client/body-connection.ts',
      'packages/storage/src/s3/client/exchange.ts',
    ]);
  });
});
