import { createTestCa, type TestCa } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from './_util/ask.ts';
import { type Health, type Registry, startRegistry } from './_util/registry.ts';
import { type Visitor, visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

let ca: TestCa;
let registry: Registry;
let web: Web;
let grace: Visitor;
let health: Health = {};
const clock = { time: Date.now(), now: () => clock.time };

/** What the registry says of itself from now on: what it said before is known for some seconds. */
function setHealth(next: Health): void {
  health = next;
  clock.time += 10_000;
}

beforeAll(async () => {
  ca = await createTestCa();
  registry = await startRegistry(await ca.issue(), () => health);
  web = await startWeb({ ca, grpcPort: registry.port, clock });
  grace = visit(web);
  await grace.signIn('grace');
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

describe('the front page', () => {
  test('says that the registry is running, and its version', async () => {
    setHealth({});
    const { status, headers, body } = await grace.get('/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(body).toContain('mcrsrv v1.2.3 is running');
  });

  test('has commands with the public URL of the registry', async () => {
    setHealth({ publicUrl: 'https://registry.example.com' });
    const { body } = await grace.get('/');
    for (const client of ['podman', 'docker', 'skopeo'])
      expect(body).toContain(`${client} login registry.example.com\n`);
    expect(body).toContain('podman push registry.example.com/team/app:1.0\n');
    expect(body).toContain('/etc/containers/certs.d/registry.example.com/ca.crt');
    expect(body).toContain('mcrctl status --server https://registry.example.com<');
  });

  test('without a public URL has commands with the requested host and the port of the registry', async () => {
    setHealth({ port: 8443 });
    const { body } = await grace.get('/', { host: 'localhost:8080' });
    expect(body).toContain('docker login localhost:8443\n');
  });

  test('shows text of the registry as text', async () => {
    setHealth({ version: '<script>alert("1")</script>' });
    const { body } = await grace.get('/');
    expect(body).toContain('mcrsrv &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(body).not.toContain('<script>');
  });

  test('responds to HEAD like GET, without the page', async () => {
    setHealth({});
    const full = await grace.get('/');
    expect(full.headers['content-length']).toBe(String(Buffer.byteLength(full.body)));
    const head = await ask(web, '/login', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
  });
});

test('a path without a page is shown as text, with a link to the front page', async () => {
  const { status, body } = await grace.get('/repos/%3Cb%3E?x=1');
  expect(status).toBe(404);
  expect(body).toContain('There is no page at <code>/repos/&lt;b&gt;</code>.');
  expect(body).toContain('href="/">Go to the front page</a>');
});

/** Paths of static files in a page, each once. */
function staticPaths(body: string): string[] {
  return [...new Set([...body.matchAll(/\/static\/[^"#]+/g)].map(([path]) => path))];
}

describe('static files', () => {
  test('of a page exist, and are cached for a year', async () => {
    setHealth({});
    const { body } = await grace.get('/');
    const paths = staticPaths(body);
    expect(paths.map((path) => path.replace(/\.[0-9a-f]{12}\./, '.'))).toEqual([
      '/static/favicon.svg',
      '/static/inter-latin-wght-normal.woff2',
      '/static/jetbrains-mono-latin-wght-normal.woff2',
      '/static/style.css',
      '/static/htmx.min.js',
      '/static/app.js',
      '/static/live.js',
      '/static/icons.svg',
    ]);
    for (const path of paths) {
      const { status, headers } = await ask(web, path, { method: 'HEAD' });
      expect(status).toBe(200);
      expect(Number(headers['content-length'])).toBeGreaterThan(0);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  test('are compressed for browsers that take it', async () => {
    const path = staticPaths((await grace.get('/')).body).find((one) => one.endsWith('.css')) ?? '';
    const plain = await ask(web, path, { method: 'HEAD' });
    const gzip = await ask(web, path, { method: 'HEAD', headers: { 'accept-encoding': 'br, gzip' } });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(gzip.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(Number(gzip.headers['content-length'])).toBeLessThan(Number(plain.headers['content-length']) / 3);
  });

  test.each([
    ['/static/style.css', 404],
    ['/static/style.000000000000.css', 404],
    ['/static/..%2fserver.ts', 400],
    ['/static/', 404],
  ])('CVE-2024-4956: are not found under %s', async (path, status) => {
    expect(await ask(web, path)).toMatchObject({ status });
  });
});
