import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { digestHex, digestOf, mediaTypes, parseRepositoryName } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { buildImage, createOciClient, pushImage, seededBytes, tempDirectory } from '@mcr/testkit';
import '../../src/process-settings.ts';
import { createLogger } from '@mcr/server-kit/logger';
import type { LogLine } from '../_util/log.ts';
import { startTestServer, testPassword } from '../_util/server.ts';
import { measure } from '../gc/scale/measure.ts';

/**
 * `node apps/mcrsrv/test/manifests/upgrade.ts CHECKOUT [100000]`: has the code of an older version, in a checkout of it,
 * write manifests, and starts this version on them: how long the start takes, and what filling in their summaries costs
 * beside pulls. Exits with 1 when lists say something else afterwards, or when the event loop stands still for too long.
 */
const [checkout, count] = [process.argv[2], Number(process.argv[3] ?? 100_000)];
if (checkout === undefined) throw new Error('Name a directory with a checkout of the older version');
/** Milliseconds for which the work may hold the event loop. */
const longestStall = 50;
const pushesAtOnce = 200;
const repository = parseRepositoryName('old/app');
const change = { actor: {}, now: 1_700_000_000_000, reviewAfter: 4_000_000_000_000 };
const subject = digestOf('subject');
const configType = 'application/vnd.oci.image.config.v1+json';
const platformOf = (at: number) => ({ os: 'linux', architecture: at % 2 === 0 ? 'amd64' : 'arm64', variant: `v${at}` });

/** Of four manifests, two are images with configs of their own, one is an index and one a signature. */
async function push(store: MetadataStore, layers: string, at: number): Promise<void> {
  const config = Buffer.from(JSON.stringify({ ...platformOf(at), history: 'x'.repeat(3_000) }));
  const digest = digestOf(config);
  const descriptor = { mediaType: configType, digest, size: config.length };
  const annotations = { 'org.opencontainers.image.title': `number ${at}`, padding: 'x'.repeat(500) };
  const isIndex = at % 4 === 2;
  if (!isIndex) {
    const hex = digestHex(digest);
    const locator = `sha256/${hex.slice(0, 2)}/${hex}`;
    await mkdir(dirname(join(layers, locator)), { recursive: true, mode: 0o700 });
    await writeFile(join(layers, locator), config, { mode: 0o600 });
    await store.blobs.publish({
      ...change,
      repository,
      digest,
      size: config.length,
      locator,
      leasedUntil: change.now + 1,
    });
  }
  const listed = { mediaType: mediaTypes.ociManifest, digest, size: 1, platform: platformOf(at) };
  const body = {
    schemaVersion: 2,
    ...(isIndex ? { manifests: [listed] } : { config: descriptor, layers: [] }),
    ...(at % 4 === 3 && { subject: { mediaType: mediaTypes.ociManifest, digest: subject, size: 1 } }),
    annotations,
  };
  const content = Buffer.from(JSON.stringify(body));
  await store.manifests.push({
    ...change,
    repository,
    digest: digestOf(content),
    mediaType: isIndex ? mediaTypes.ociIndex : mediaTypes.ociManifest,
    ...(!isIndex && { artifactType: configType }),
    ...(at % 4 === 3 && { subject }),
    content,
    blobs: isIndex ? [] : [digest],
    optionalBlobs: [],
    children: isIndex ? [digest] : [],
    tags: [`v${String(at).padStart(7, '0')}` as never],
  });
}

await using directory = await tempDirectory();
const older = await import(resolve(checkout, 'packages/db/src/index.ts'));
const written: MetadataStore = await older.SqliteMetadataStore.open({ path: join(directory.path, 'mcr.db') });
const pushing = performance.now();
for (let from = 0; from < count; from += pushesAtOnce) {
  const numbers = Array.from({ length: Math.min(pushesAtOnce, count - from) }, (_, at) => from + at);
  await Promise.all(numbers.map((at) => push(written, join(directory.path, 'layers'), at)));
}
await written.close();
process.stdout.write(`${count} manifests by the older version in ${seconds(performance.now() - pushing)}\n`);

// A test server keeps what it logs: this one only what it is about, as looking through the rest would be the longest stall.
const lines: LogLine[] = [];
const keep = (line: string) => void (line.includes('summaries of manifests') && lines.push(JSON.parse(line)));
const log = createLogger('info', { write: keep });
const starting = performance.now();
await using server = await startTestServer({ directory: directory.path, overrides: { log } });
process.stdout.write(`the start, with the upgrade, took ${seconds(performance.now() - starting)}\n`);
const { baseUrl, ca } = server;
await using client = createOciClient({ baseUrl, ca, username: 'admin', password: testPassword });
const image = await buildImage({ layers: [seededBytes('layer', 20_000)] });
await pushImage(client, 'measured/image', 'latest', image);

const lists = async () => {
  const paths = [
    `/v2/${repository}/referrers/${subject}?n=300`,
    `/v1/repositories/${repository}/tags?details=true&n=300`,
  ];
  return await Promise.all(paths.map(async (path) => (await client.request('GET', path)).text()));
};
const ends = () => lines.filter(({ msg }) => msg === 'filled in summaries of manifests');
const before = await lists();
const busy = await measure(
  server,
  'measured/image',
  image,
  async () => {
    while (ends().length === 0) await new Promise((done) => setTimeout(done, 100));
  },
  longestStall,
);
const begin = lines.find(({ msg }) => msg === 'filling in summaries of manifests');
const [end] = ends();
process.stdout.write(`filling in took ${seconds(timeOf(end) - timeOf(begin))}: ${JSON.stringify(end)}\n`);
const idle = await measure(
  server,
  'measured/image',
  image,
  () => new Promise((done) => setTimeout(done, 10_000)),
  longestStall,
);
process.stdout.write(`beside pulls: ${JSON.stringify(busy)}\npulls alone:  ${JSON.stringify(idle)}\n`);
const isSame = JSON.stringify(await lists()) === JSON.stringify(before);
process.stdout.write(isSame ? 'lists say the same as before\n' : 'lists say something else than before\n');
process.exitCode = isSame && busy.longestStall <= longestStall ? 0 : 1;

function timeOf(line: LogLine | undefined): number {
  return Date.parse(String(line?.['time']));
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
