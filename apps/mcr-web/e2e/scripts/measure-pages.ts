// `node apps/mcr-web/e2e/scripts/measure-pages.ts`: how long pages take, and how many bytes they are, with 10,000 repositories and
// 100,000 tags. Build both servers first.
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buffer } from 'node:stream/consumers';
import { visit } from '../../test/_util/visitor.ts';
import { startStack } from '../_util/stack.ts';

const repositories = 10_000;
const tagsPerRepository = 10;
const layersPerImage = 3;
const events = 200_000;
const rounds = 60;
const warmUp = 5;

await using stack = await startStack();
await stack.registry.stop();
seed(join(stack.registry.directory, 'mcr.db'));
await stack.registry.restart();

const web = { url: stack.url, ca: { caPem: stack.registry.ca } } as Parameters<typeof visit>[0];
const admin = visit(web);
await admin.signIn('admin', stack.registry.adminPassword);
const cookie = [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
const agent = new Agent({ ca: stack.registry.ca, keepAlive: true, maxSockets: 1 });

const statics = await bytesOfStatics();
console.log(`static files: ${(statics / 1000).toFixed(0)} KB, once`);
for (const path of [
  '/',
  '/repositories',
  '/repositories?sort=size',
  '/repositories?sort=name&q=team-7/',
  '/repositories/team-7/app-7',
  '/repositories/team-7/app-7?view=manifests',
  '/repositories/team-7/app-7:v1',
  '/delete-tags/team-7/app-7?tag=v1&tag=v2',
  '/delete-repository/team-7/app-7',
  '/policies',
  '/audit',
  '/audit?type=manifest_pushed&repository=team-7/app-7',
  '/storage',
  '/accounts',
  '/me',
]) {
  const times: number[] = [];
  let bytes = 0;
  for (let at = -warmUp; at < rounds; at += 1) {
    const start = performance.now();
    const { status, body } = await get(path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
    if (at >= 0) times.push(performance.now() - start);
    bytes = body.length;
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1).padStart(7);
  const total = ((bytes + statics) / 1000).toFixed(0).padStart(5);
  console.log(`p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  ${total} KB in all  ${path}`);
}
agent.destroy();

async function bytesOfStatics(): Promise<number> {
  const { body } = await get('/');
  const paths = [...body.toString().matchAll(/\/static\/[^"]+/g)].map(([path]) => path);
  const files = await Promise.all(paths.map((path) => get(path)));
  return files.reduce((sum, file) => sum + file.body.length, 0);
}

async function get(path: string): Promise<{ status: number; body: Buffer }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: Buffer }>();
  request(stack.url + path, { agent, headers: { cookie } }, (response) => {
    buffer(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  })
    .on('error', reject)
    .end();
  return await promise;
}

/** Writes what the pushes of so many images would have left in the database; no page reads the layers themselves. */
function seed(path: string): void {
  const db = new DatabaseSync(path);
  const now = Date.now();
  const addRepository = db.prepare('INSERT INTO repositories (id, name, created_at, last_push_at) VALUES (?, ?, ?, ?)');
  const addManifest = db.prepare(
    "INSERT INTO manifests (id, repository_id, digest, media_type, artifact_type, size, created_at, content) VALUES (?, ?, ?, 'application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.config.v1+json', ?, ?, ?)",
  );
  const addTag = db.prepare('INSERT INTO tags (repository_id, name, manifest_id, updated_at) VALUES (?, ?, ?, ?)');
  const addBlob = db.prepare('INSERT INTO blobs (id, digest, size, locator, created_at) VALUES (?, ?, ?, ?, ?)');
  const addUse = db.prepare('INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id) VALUES (?, ?, ?)');
  const addEvent = db.prepare(
    "INSERT INTO audit_log (at, event_type, actor_name, repository, digest, ip, details) VALUES (?, 'manifest_pushed', 'ci', ?, ?, '192.0.2.7', ?)",
  );
  const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  db.exec('BEGIN');
  let [manifest, blob] = [0, 0];
  const newBlob = (size: number) => {
    blob += 1;
    const name = digest(`blob ${blob}`);
    addBlob.run(blob, name, size, name.replace(':', '/'), now);
    return { id: blob, digest: name, size };
  };
  const base = newBlob(30_000_000);
  for (let at = 1; at <= repositories; at += 1) {
    const name = `team-${at % 100}/app-${at}`;
    addRepository.run(at, name, now - at * 1000, now - at * 1000);
    for (let tag = 1; tag <= tagsPerRepository; tag += 1) {
      manifest += 1;
      const config = newBlob(2_000);
      const own = Array.from({ length: layersPerImage - 1 }, (_, layer) => newBlob(1_000_000 * (layer + 1) + at));
      const layers = [base, ...own];
      const describe = (it: typeof base, mediaType: string) => ({ mediaType, digest: it.digest, size: it.size });
      const content = JSON.stringify({
        schemaVersion: 2,
        config: describe(config, 'application/vnd.oci.image.config.v1+json'),
        layers: layers.map((layer) => describe(layer, 'application/vnd.oci.image.layer.v1.tar+gzip')),
      });
      const manifestDigest = digest(content);
      addManifest.run(manifest, at, manifestDigest, content.length, now - tag * 1000, Buffer.from(content));
      addTag.run(at, `v${tag}`, manifest, now - tag * 1000);
      for (const it of [config, ...layers]) addUse.run(at, it.id, manifest);
    }
  }
  for (let at = 0; at < events; at += 1) {
    const details = JSON.stringify({ tag: `v${at % 10}`, media_type: 'application/vnd.oci.image.manifest.v1+json' });
    const repository = at % repositories;
    addEvent.run(
      now - (events - at) * 10_000,
      `team-${repository % 100}/app-${repository}`,
      digest(String(at)),
      details,
    );
  }
  db.exec(`INSERT INTO activity (day, event_type, n) SELECT at / 86400000, event_type, count(*) FROM audit_log WHERE true
    GROUP BY 1, 2 ON CONFLICT (day, event_type) DO UPDATE SET n = excluded.n`);
  db.exec('COMMIT');
  db.close();
}
