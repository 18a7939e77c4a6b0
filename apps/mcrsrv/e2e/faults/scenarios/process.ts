import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import {
  blobOf,
  createOciClient,
  locationOf,
  type OciClient,
  runOk,
  seededBytes,
  startRegistry,
  type TestRegistry,
} from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { untilTrue } from '../_util/until.ts';

const MiB = 1 << 20;
/** More than all the buffers between server and client hold. */
const largeSize = 32 * MiB;

/** A client whose one connection is open already. */
async function connected(registry: TestRegistry): Promise<OciClient> {
  const account = { username: 'admin', password: registry.adminPassword };
  const client = createOciClient({ baseUrl: registry.baseUrl, ca: registry.ca, connections: 1, ...account });
  await client.request('GET', '/v2/');
  return client;
}

async function openFiles({ pid }: TestRegistry): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

async function tooManyFiles(registry: TestRegistry, library: Library): Promise<Row> {
  await using client = await connected(registry);
  const image = await library.push(client, 'v1');
  const begun = locationOf(await client.startUpload(library.repository));
  const blob = blobOf(seededBytes('one file more', 1_000));
  const spare = 5;
  const limit = (await openFiles(registry)) + spare;

  const seen = new Observation(
    'Too many open files',
    `a limit of ${spare} more than it had, and 20 idle connections`,
    registry,
  );
  await runOk('prlimit', ['--pid', String(registry.pid), `--nofile=${limit}:`]);
  const idle = Array.from({ length: 20 }, () => connectIdly(registry));
  await untilTrue(async () => (await openFiles(registry)) >= limit, 'the files to run out');
  await seen.ask('GET of a blob', () => client.getBlob(library.repository, image.config.digest));
  await seen.ask('PATCH', () => client.patchUpload(begun, 'more'));
  await seen.ask('POST of a blob', () => client.pushBlob(library.repository, blob, 'post'));
  await seen.ask('GET of a manifest', () => client.getManifest(library.repository, 'v1'));
  await seen.logged(registry, /too many files open/);
  seen.lives(registry);
  for (const socket of idle) socket.destroy();
  await untilTrue(async () => (await openFiles(registry)) < limit - 1, 'the connections to go');
  await library.verify(client);
  await library.push(client, 'v2');
  seen.kept('all');
  return seen.row();
}

function connectIdly({ host, ca }: TestRegistry): TLSSocket {
  const [address = '', port = ''] = host.split(':');
  return connect({ host: address, port: Number(port), ca }).on('error', () => {});
}

/** Sends a first part, and the rest once it is told to. */
function inTwoParts(first: Uint8Array, rest: Uint8Array): { body: Readable; goOn: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield first;
    await promise;
    yield rest;
  }
  return { body: Readable.from(parts()), goOn: resolve };
}

async function terminated(registry: TestRegistry, library: Library): Promise<Row> {
  const client = registry.client();
  const large = seededBytes('large', largeSize);
  const { digest } = blobOf(large);
  await client.pushBlob(library.repository, blobOf(large));
  const small = seededBytes('finished while stopping', 2 * MiB);
  const begun = locationOf(await client.startUpload(library.repository));

  const seen = new Observation('SIGTERM during transfers', 'a download and an upload under way', registry);
  const download = await client.open('GET', `/v2/${library.repository}/blobs/${digest}`);
  const { body, goOn } = inTwoParts(small.subarray(0, MiB), small.subarray(MiB));
  const upload = client.finishUpload(begun, blobOf(small).digest, body);
  await untilTrue(async () => (await client.uploadStatus(begun)).status === 204, 'the upload to begin');
  process.kill(registry.pid, 'SIGTERM');
  await untilTrue(() => /"msg":"stopping/.test(registry.log()), 'the shutdown');
  await using stranger = createOciClient({ baseUrl: registry.baseUrl, ca: registry.ca });
  await seen.ask('a new request', () => stranger.request('GET', '/v1/health'));
  goOn();
  await seen.ask('the upload', () => upload);
  let received = 0;
  for await (const chunk of download.body as AsyncIterable<Buffer>) received += chunk.length;
  assert.equal(received, largeSize);
  seen.note('the download', `${download.status}, complete`);
  seen.ended(await registry.exited());
  await seen.logged(registry, /"msg":"stopping/);
  await registry.restart();
  const again = await registry.client().hashBlob(library.repository, blobOf(small).digest);
  assert.deepEqual(again, { status: 200, size: small.length, digest: blobOf(small).digest });
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

async function cutOff(registry: TestRegistry, library: Library): Promise<Row> {
  const client = registry.client();
  const bytes = seededBytes('cut off', 2 * MiB);
  const started = await client.patchUpload(
    locationOf(await client.startUpload(library.repository)),
    bytes.subarray(0, MiB),
  );
  const begun = locationOf(started);

  const seen = new Observation(
    'SIGTERM, and an upload that does not end',
    '`server.shutdown_timeout` passes',
    registry,
  );
  const { body } = inTwoParts(bytes.subarray(MiB, MiB + 1_000), new Uint8Array());
  const patch = seen.ask('the PATCH under way', () => client.patchUpload(begun, body));
  await untilTrue(async () => (await client.uploadStatus(begun)).status === 204, 'the upload to begin');
  process.kill(registry.pid, 'SIGTERM');
  await patch;
  seen.ended(await registry.exited());
  await seen.logged(registry, /"msg":"stopping/);
  await registry.restart();
  const resumed = registry.client();
  const [, last] = /^0-(\d+)$/.exec((await resumed.uploadStatus(begun)).header('range') ?? '') ?? [];
  assert.ok(Number(last) + 1 >= MiB, 'what was acknowledged of the upload is there');
  await resumed.patchUpload(begun, bytes.subarray(Number(last) + 1), Number(last) + 1);
  const { digest } = blobOf(bytes);
  await seen.ask('the rest of it after the restart', () => resumed.finishUpload(begun, digest));
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

/** A process at its limits, and at its end. */
export const processes: Scenario = {
  name: 'process',
  tools: ['prlimit'],
  async run() {
    await using registry = await startRegistry({ env: { MCR_SERVER_SHUTDOWN_TIMEOUT: '5s' } });
    const library = new Library(registry);
    return [
      await tooManyFiles(registry, library),
      await terminated(registry, library),
      await cutOff(registry, library),
    ];
  },
};
