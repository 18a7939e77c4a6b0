import assert from 'node:assert/strict';
import { readdir, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { digestOf } from '@mcr/core';
import {
  blobOf,
  buildImage,
  defaultBundle,
  locationOf,
  pushImage,
  startRegistry,
  type TestRegistry,
  tempDirectory,
} from '@mcr/testkit';

/**
 * `node apps/mcrsrv/test/uploads/upgrade.ts BUNDLE`: begins uploads at the server of an older version, such as
 * `<checkout>/apps/mcrsrv/dist/mcrsrv.mjs`, upgrades to the one that `npm run build` made, goes on with them, goes back with the
 * copy of the database, goes on with others, and upgrades once more. Exits with 1 when anything acknowledged is gone.
 */
const older = process.argv[2];
if (older === undefined) throw new Error('Name the bundle of the older version');

await using directory = await tempDirectory();
const bundle = join(directory.path, 'mcrsrv.mjs');
await symlink(resolve(older), bundle);
await using registry = await startRegistry({ bundle });
const client = registry.client();
const image = await buildImage({ layers: [{ size: 300_000 }, { size: 1_000 }] });
await pushImage(client, 'app', 'latest', image);
const begin = async (...parts: string[]): Promise<string> => {
  let location = locationOf(await client.startUpload('app'));
  for (const part of parts) location = locationOf(await client.patchUpload(location, part));
  return location;
};
const [forward, empty, back] = [await begin('acknowledged '), await begin(), await begin('left ', 'open ')];

await change(registry, defaultBundle, 'upgrade');
await finish(forward, 'acknowledged before', 'before', '0-12');
await finish(empty, 'begun before', 'begun before', '0-0');
assert.equal((await client.uploadStatus(back)).header('range'), '0-9');
await client.pushBlob('app', blobOf('pushed to the newer version'));
await expectImage();

const copy = (await readdir(registry.directory)).find((name) => name.includes('before-migration'));
assert.ok(copy !== undefined, 'the migration has made a copy');
await registry.stop();
await switchTo(resolve(older));
const path = join(registry.directory, copy);
await registry.cli(['restore', path, '--config', registry.configPath]);
await registry.restart();
process.stdout.write('went back\n');
await expectImage();
await finish(back, 'left open for long', 'for long', '0-9');
const again = await begin('begun anew ');

await change(registry, defaultBundle, 'upgrade');
await finish(again, 'begun anew and closed', 'and closed', '0-10');
// The copy still has the upload that the newer version has closed, and whose file that has removed.
await client.cancelUpload(forward);
await expectImage();
const headers = { 'content-type': 'application/json' };
const run = await client.request('POST', '/v1/gc', { headers, body: JSON.stringify({ reconcile: true }) });
assert.equal(run.status, 202, run.text());
await expectImage();
process.stdout.write(await registry.cli(['fsck', '--deep', '--config', registry.configPath]));

async function finish(location: string, content: string, rest: string, range: string): Promise<void> {
  assert.equal((await client.uploadStatus(location)).header('range'), range);
  const closed = await client.finishUpload(location, digestOf(content), rest);
  assert.equal(closed.status, 201, closed.text());
  assert.equal((await client.getBlob('app', digestOf(content))).text(), content);
}

async function expectImage(): Promise<void> {
  for (const { digest } of image.blobs) assert.equal((await client.hashBlob('app', digest)).digest, digest);
  assert.equal((await client.getManifest('app', 'latest')).status, 200);
}

async function change(server: TestRegistry, to: string, what: string): Promise<void> {
  await server.stop();
  await switchTo(to);
  await server.restart();
  process.stdout.write(`${what}\n`);
}

async function switchTo(target: string): Promise<void> {
  await rm(bundle);
  await symlink(target, bundle);
}
