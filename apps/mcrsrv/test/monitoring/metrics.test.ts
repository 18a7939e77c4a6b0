import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { buildImage, pushImage, seededBytes } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { pollOptions } from '../_util/poll-options.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { MCR_SERVER_METRICS_ADDR: '127.0.0.1:0' } });

async function get(path: string, method = 'GET'): Promise<{ status: number; type: string; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; type: string; body: string }>();
  const asked = request({ host: '127.0.0.1', port: server().metricsPort, path, method }, (response) => {
    text(response).then(
      (body) => resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', body }),
      reject,
    );
  });
  asked.on('error', reject).end();
  return await promise;
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text format of Prometheus (0.0.4); fails for a line that is none of it. */
function parse(exposition: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of exposition.split('\n')) {
    if (line === '' || /^# (HELP|TYPE) [a-zA-Z_:][\w:]* .+$/.test(line)) continue;
    const found =
      /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (nan|[+-]inf|-?[\d.e+-]+)$/i.exec(
        line,
      );
    expect(found, line).not.toBeNull();
    const labels = [...(found![2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    samples.push({ name: found![1]!, labels: Object.fromEntries(labels), value: Number(found![3]) });
  }
  return samples;
}

async function samples(name: string): Promise<Sample[]> {
  return parse((await get('/metrics')).body).filter((sample) => sample.name === name);
}

async function valueOf(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const wanted = Object.entries(labels);
  return (await samples(name)).find((it) => wanted.every(([label, value]) => it.labels[label] === value))?.value;
}

beforeAll(async () => {
  const { admin } = server();
  const image = await buildImage({ layers: [seededBytes('metrics', 50_000)] });
  await pushImage(admin, 'secret-name/app', 'secret-tag', image, 'stream');
  await admin.getBlob('secret-name/app', image.layers[0]!.digest);
  await admin.request('GET', '/v2/', { authorization: null });
  await server().addAccount('secret-robot', { type: 'system' });
  await server().client('secret-robot').tags('secret-name/app');
  await admin.request('GET', '/v2/secret-path/of/nothing');
});

describe('the metrics', () => {
  test('are in the text format of Prometheus', async () => {
    const { status, type, body } = await get('/metrics');
    expect(status).toBe(200);
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(parse(body).length).toBeGreaterThan(50);
  });

  test('count requests by method, route template and status', async () => {
    const name = 'registry_http_requests_total';
    await expect
      .poll(() => valueOf(name, { method: 'GET', route: '/v2/:name{.+}/blobs/:digest', status: '200' }), pollOptions)
      .toBe(1);
    expect(await valueOf(name, { method: 'PUT', route: '/v2/:name{.+}/manifests/:reference', status: '201' })).toBe(1);
    expect(await valueOf(name, { method: 'GET', route: 'none', status: '404' })).toBe(1);
    expect(await valueOf('registry_policy_denials_total')).toBe(1);
  });

  test('count credentials that were rejected, and not requests that came without any', async () => {
    const { admin } = server();
    const before = (await valueOf('registry_auth_failures_total')) ?? 0;
    const json = { 'content-type': 'application/json' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const wrong = `Basic ${Buffer.from('admin:wrong').toString('base64')}`;
    const rejected: [string, string, object][] = [
      ['GET', '/v2/', { authorization: 'Bearer no-token' }],
      ['GET', '/v1/auth/whoami', { authorization: 'Basic YTpi' }],
      ['GET', '/v2/token', { authorization: wrong }],
      ['POST', '/v2/token', { authorization: null, headers: form, body: 'grant_type=password&username=a&password=b' }],
      ['POST', '/v1/auth/login', { authorization: null, headers: json, body: '{"username":"a","password":"b"}' }],
    ];
    const challenged: [string, string, object][] = [
      ['GET', '/v2/', { authorization: null }],
      ['GET', '/v2/token', { authorization: null }],
      ['POST', '/v2/token', { authorization: null, headers: form, body: 'grant_type=password' }],
      ['GET', '/v1/auth/whoami', { authorization: null }],
      ['GET', '/v2/secret-path/of/nothing', { authorization: null }],
    ];
    for (const [method, path, init] of [...challenged, ...rejected]) {
      expect((await admin.request(method, path, init)).status, path).toBe(401);
    }
    await expect.poll(() => valueOf('registry_auth_failures_total'), pollOptions).toBe(before + rejected.length);
  });

  test('count bytes in both directions, those without an announced length included', async () => {
    await expect
      .poll(() => valueOf('registry_http_bytes_total', { direction: 'out' }), pollOptions)
      .toBeGreaterThan(50_000);
    expect(await valueOf('registry_http_bytes_total', { direction: 'in' })).toBeGreaterThan(50_000);
  });

  test('measure durations in a histogram whose buckets add up', async () => {
    const route = '/v2/:name{.+}/tags/list';
    const buckets = (await samples('registry_http_request_duration_seconds_bucket')).filter(
      (it) => it.labels['route'] === route,
    );
    expect(buckets.at(-1)).toMatchObject({ labels: { le: '+Inf' }, value: 1 });
    for (const [at, { value }] of buckets.entries()) expect(value).toBeGreaterThanOrEqual(buckets[at - 1]?.value ?? 0);
  });

  test('tell what is stored, how much room is left, and until when the certificate is good', async () => {
    const { repositories, blobs, blobBytes } = await server().context.services.store.statistics();
    expect(await valueOf('registry_objects', { kind: 'repositories' })).toBe(repositories);
    expect(await valueOf('registry_objects', { kind: 'blobs' })).toBe(blobs);
    expect(await valueOf('registry_blob_bytes')).toBe(blobBytes);
    expect(await valueOf('registry_access_tokens', { state: 'valid' })).toBe(0);
    expect(await valueOf('registry_quarantined_blobs')).toBe(0);
    expect(await valueOf('registry_quarantined_manifests')).toBe(0);
    expect(await valueOf('registry_disk_free_bytes')).toBeGreaterThan(0);
    expect(await valueOf('registry_database_disk_free_bytes')).toBeGreaterThan(0);
    expect(await valueOf('registry_database_log_bytes')).toBeGreaterThan(0);
    expect((await valueOf('registry_tls_certificate_not_after_seconds'))! * 1_000).toBe(
      server().context.certificates.notAfter,
    );
    expect(await valueOf('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect((await samples('registry_build_info'))[0]?.labels['version']).toMatch(/\S/);
  });

  test('name no repository, tag, account, path or digest', async () => {
    const { body } = await get('/metrics');
    expect(body).not.toMatch(/secret|admin|sha256|127\.0\.0\.1/);
  });

  test('grow by no label that a client can choose', async () => {
    const before = (await samples('registry_http_requests_total')).length;
    for (let at = 0; at < 20; at += 1) await server().admin.request('GET', `/v2/secret-path/of/nothing-${at}`);
    for (let at = 0; at < 20; at += 1) await server().admin.tags(`secret-name/other-${at}`);
    const after = (await samples('registry_http_requests_total')).length;
    expect(after - before).toBeLessThanOrEqual(1);
  });

  test.each([
    ['GET', '/'],
    ['POST', '/metrics'],
    ['GET', '/metrics/../v2/'],
    ['GET', '/v1/health'],
  ])('are all that this port has: %s %s is 404', async (method, path) => {
    expect((await get(path, method)).status).toBe(404);
  });

  test('have the probes beside them', async () => {
    expect(await get('/health')).toEqual({ status: 200, type: 'application/json', body: '{"status":"ok"}' });
    const body = '{"status":"ready","checks":{"database":"ok","storage":"ok"}}';
    expect(await get('/ready')).toEqual({ status: 200, type: 'application/json', body });
  });

  test('are not on the port of the registry', async () => {
    expect((await server().admin.request('GET', '/metrics')).status).toBe(404);
  });
});
