import { join } from 'node:path';
import { Code } from '@connectrpc/connect';
import { blobOf, seededBytes, type TestImage, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenFor } from '../_util/admin-api.ts';
import { mcrsrv } from '../_util/cli.ts';
import { expectError } from '../_util/errors.ts';
import { seedImage } from '../_util/images.ts';
import { clientsOver, expectRejection, rpcEnv } from '../_util/rpc.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { openTransport, transports } from '../_util/transports.ts';
import { rowsOf } from './_rows.ts';

/** What the log of the registry gets instead of the audit log. */
const eventLine = 'audit event of a read-only registry';

let directory: Awaited<ReturnType<typeof tempDirectory>>;
let image: TestImage;
let upload: string;
let server: TestServer;
let token: string;
let before: ReturnType<typeof rowsOf>;

const client = () => server.admin;
const databasePath = () => join(directory.path, 'mcr.db');

beforeAll(async () => {
  directory = await tempDirectory();
  {
    await using writable = await startTestServer({ directory: directory.path });
    await writable.addAccount('person');
    image = await seedImage(writable, 'app', ['v1']);
    upload = (await writable.admin.request('POST', '/v2/app/blobs/uploads/')).header('location')!;
  }
  server = await startReadOnly();
  token = await tokenFor(server, 'admin');
  before = rowsOf(databasePath());
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await directory?.[Symbol.asyncDispose]();
});

async function startReadOnly(): Promise<TestServer> {
  return await startTestServer({ directory: directory.path, env: { ...rpcEnv, MCR_SERVER_READ_ONLY: 'true' } });
}

describe('a registry with server.read_only = true', () => {
  test('serves pulls, lists and logins, and finds blobs by HEAD', async () => {
    const [layer] = image.layers;
    expect((await client().getManifest('app', 'v1')).status).toBe(200);
    expect((await client().getBlob('app', layer!.digest)).status).toBe(200);
    expect((await client().request('HEAD', `/v2/app/blobs/${layer!.digest}`)).status).toBe(200);
    expect((await client().tags('app')).json()).toMatchObject({ tags: ['v1'] });
    expect((await client().request('GET', '/v1/accounts')).status).toBe(200);
    expect((await client().request('GET', '/v1/ready')).status).toBe(200);
    await server.flushAudit();
    expect(server.logLines.filter((line) => line.includes(eventLine)).join()).toContain('manifest_pulled');
  });

  test.each([
    ['POST', () => '/v2/app/blobs/uploads/'],
    ['POST', () => `/v2/app/blobs/uploads/?digest=${blobOf('new').digest}`],
    ['POST', () => `/v2/other/blobs/uploads/?mount=${image.layers[0]!.digest}&from=app`],
    ['PATCH', () => upload],
    ['PUT', () => `${upload}?digest=${blobOf('new').digest}`],
    ['DELETE', () => upload],
    ['PUT', () => '/v2/app/manifests/v2'],
    ['DELETE', () => `/v2/app/manifests/${image.manifest.digest}`],
    ['DELETE', () => `/v2/app/blobs/${image.layers[0]!.digest}`],
  ])('rejects %s of a client with 503 and when to try again', async (method, path) => {
    const isManifest = method === 'PUT' && path().includes('/manifests/');
    const response = await client().request(method, path(), {
      ...(isManifest && { headers: { 'content-type': image.manifest.mediaType } }),
      ...(method !== 'DELETE' && { body: isManifest ? image.manifest.bytes : 'new' }),
    });
    const { message } = expectError(response, 503, 'UNAVAILABLE');
    expect(message).toContain('server.read_only');
    expect(Number(response.header('retry-after'))).toBeGreaterThan(0);
  });

  test('rejects a large body without reading all of it', async () => {
    const response = await client().request('PATCH', upload, { body: seededBytes('large', 4 * 2 ** 20) });
    expectError(response, 503, 'UNAVAILABLE');
  });

  describe.each(transports)('over %s', (transport) => {
    const over = () => clientsOver(openTransport(transport, server, `Bearer ${token}`));

    test.each([
      ['an account', () => over().admin.createAccount({ username: 'new', password: 'correct horse battery' })],
      ['a rule', () => over().policy.createPolicyRule({ effect: 'allow', priority: 3 })],
      ['a tag', () => over().registry.deleteTag({ repository: 'app', tag: 'v1' })],
      ['a repository', () => over().registry.deleteRepository({ name: 'app' })],
      ['garbage', () => over().registry.garbageCollect({})],
    ])('rejects a change of %s', async (_, change) => {
      expect(await expectRejection(change(), Code.Unavailable, 'UNAVAILABLE')).toContain('server.read_only');
    });
  });

  test('tells a client without credentials nothing of it', async () => {
    const response = await client().request('POST', '/v2/app/blobs/uploads/', { authorization: null });
    expectError(response, 401, 'UNAUTHORIZED');
  });

  test('leaves every row of the database as it was, also across a restart', async () => {
    await server[Symbol.asyncDispose]();
    server = await startReadOnly();
    expect(rowsOf(databasePath())).toEqual(before);
  });

  test('has commands reject changes as well, and warns about itself', async () => {
    const config = join(directory.path, 'mcr.toml');
    process.env.MCR_SERVER_READ_ONLY = 'true';
    try {
      const deleted = await mcrsrv(['account', 'delete', 'person', '--yes', '--config', config]);
      expect(deleted).toMatchObject({ code: 1, stderr: expect.stringContaining('server.read_only') });
      const { stderr } = await mcrsrv(['check', '--config', config]);
      expect(stderr).toContain('warning: server.read_only: every change is rejected with 503');
    } finally {
      delete process.env.MCR_SERVER_READ_ONLY;
    }
  });
});
