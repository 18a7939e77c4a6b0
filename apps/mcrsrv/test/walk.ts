import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { blobOf, RawConnection, rawGet } from '@mcr/testkit';
import { imageOf, pushBlobs } from './_util/manifests.ts';
import { startTestServer, testPassword } from './_util/server.ts';

/**
 * `node apps/mcrsrv/test/walk.ts`: the source files that a request goes through, for docs/architecture.md. A file counts when
 * V8 has run one of its functions between the request and a moment after the response, with what is done beside it, such as
 * the request log.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url));
/** What follows a response, such as the audit event of a pull, comes within this, milliseconds. */
const settleMs = 100;

await using server = await startTestServer();
const basic = `Basic ${Buffer.from(`admin:${testPassword}`).toString('base64')}`;
const { token } = JSON.parse((await rawGet(server, '/v2/token', { host: 'localhost', authorization: basic })).body);
await using connection = await RawConnection.open(server);

async function request(method: string, path: string, body = ''): Promise<void> {
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const headers = `Host: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}`;
  await connection.send(`${method} ${path} HTTP/1.1\r\n${headers}\r\n\r\n${body}`);
  const { status } = await connection.read();
  if (status >= 300) throw new Error(`${method} ${path} is ${status}`);
}

const inspector = new Session();
inspector.connect();
await inspector.post('Profiler.enable');

/** Prints the files of a request; one like it has been sent before, so that nothing is loaded or cached now. */
async function print(name: string, send: () => Promise<void>): Promise<void> {
  await send();
  await sleep(settleMs);
  await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await send();
  await sleep(settleMs);
  const { result } = await inspector.post('Profiler.takePreciseCoverage');
  await inspector.post('Profiler.stopPreciseCoverage');
  const ran = result.filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0));
  const files = ran.map(({ url }) => url.replace(`file://${root}`, ''));
  const own = files.filter(
    (file) => /^(?:apps|packages)\/[^/]+\/src\//.test(file) && !file.startsWith('packages/testkit/'),
  );
  process.stdout.write(`${name}: ${own.length} files\n${own.toSorted().join('\n')}\n\n`);
}

const blob = blobOf('a layer');
const config = blobOf('{}');
await pushBlobs(server.admin, 'app', blob, config);
let pushed = 0;
await print('PUT of a manifest', async () => {
  pushed += 1;
  const { bytes } = imageOf(config, [], { annotations: { push: String(pushed) } });
  await request('PUT', `/v2/app/manifests/v${pushed}`, bytes.toString());
});
await print('GET of a manifest', () => request('GET', '/v2/app/manifests/v1'));
await print('GET of a blob', () => request('GET', `/v2/app/blobs/${blob.digest}`));
