import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, type TestAuthority } from './_util/connections.ts';
import { type HttpsServer, responses } from './_util/https-server.ts';
import { rpcMethods } from './_util/rpc-server.ts';
import { runMcrctl, type Surroundings, words } from './_util/run-mcrctl.ts';

let authority: TestAuthority;
let server: HttpsServer;
let rpc: HttpsServer;

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const run = {
  id: '0d6f7d5e-25b2-4dc7-8a0e-6b1a6a2f9f11',
  reconcile: false,
  trigger: 'api',
  state: 'running',
  started_at: '2026-11-23T20:00:00.000Z',
  blobs_removed: 1,
  bytes_freed: 5_000_000,
  uploads_removed: 0,
  examined: 7,
  orphans_removed: 0,
  missing_files: 0,
};
const done = { ...run, state: 'completed', completed_at: '2026-11-23T20:00:09.000Z' };
const failed = { ...done, state: 'failed', error: 'The disk is gone' };
const clock = { now: () => Date.parse('2026-11-23T22:00:00Z') };
/** The outcome of the next runs, one for each request of the status. */
let runs: readonly object[] = [];

beforeAll(async () => {
  authority = await createAuthority();
  const lists = responses({
    '/v1/repositories?n=200': [
      200,
      {
        repositories: [
          {
            name: 'team/app',
            tag_count: 3,
            manifest_count: 5,
            total_size: 90_282_214,
            created_at: '2026-11-01T00:00:00.000Z',
            last_push_at: '2026-11-23T20:00:00.000Z',
          },
          { name: 'zoo', tag_count: 0, manifest_count: 0, total_size: 0, created_at: '2026-11-23T21:59:59.000Z' },
        ],
      },
    ],
    '/v1/gc': [202, { id: run.id }],
  });
  server = await authority.serve((request, response) => {
    if (request.url !== '/v1/gc/status') return lists(request, response);
    const [next = done, ...rest] = runs;
    runs = rest;
    response.end(JSON.stringify({ running: true, current_run: next }));
  });
  const tag = {
    name: '1.0',
    digest,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 559n,
    details: { totalSize: 90_282_214n, platforms: ['linux/amd64', 'linux/arm64/v8'] },
    updatedAt: timestampFromMs(Date.parse('2026-11-23T20:00:00Z')),
  };
  rpc = await authority.serveHttp2(
    rpcMethods(({ rpc }) =>
      rpc(RegistryService.method.listTags, ({ repository }) => ({ tags: repository === 'team/app' ? [tag] : [] })),
    ),
  );
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rpc[Symbol.asyncDispose]();
  await authority[Symbol.asyncDispose]();
});

const mcrctl = (line: string, surroundings: Surroundings = {}) =>
  runMcrctl(
    [...words(line), '--server', server.url, '--grpc', rpc.url, '--ca-cert', authority.caFile, '--token', 't'],
    {
      clock,
      ...surroundings,
    },
  );

describe('a list', () => {
  test('is a table for a user', async () => {
    const { stdout } = await mcrctl('repo list --no-color', { terminal: true });
    expect(stdout).toBe(
      [
        'NAME      TAGS  MANIFESTS  SIZE      LAST PUSH',
        'team/app  3     5          86.1 MiB  2 hours ago',
        'zoo       0     0          0 B       never',
        '',
      ].join('\n'),
    );
  });

  test('is tab-separated for a program: no heading, bytes, RFC 3339, whole digests', async () => {
    expect((await mcrctl('repo list')).stdout).toBe(
      'team/app\t3\t5\t90282214\t2026-11-23T20:00:00.000Z\nzoo\t0\t0\t0\t\n',
    );
    expect((await mcrctl('tag list team/app')).stdout).toBe(
      `1.0\t${digest}\tlinux/amd64,linux/arm64/v8\t90282214\t2026-11-23T20:00:00.000Z\t\n`,
    );
  });

  test('is one JSON object per line with --json, with every field', async () => {
    const { stdout } = await mcrctl('repo list --json', { terminal: true });
    expect(
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        name: 'team/app',
        tag_count: 3,
        manifest_count: 5,
        total_size: 90_282_214,
        last_push_at: '2026-11-23T20:00:00.000Z',
        created_at: '2026-11-01T00:00:00.000Z',
        description: null,
      },
      {
        name: 'zoo',
        tag_count: 0,
        manifest_count: 0,
        total_size: 0,
        last_push_at: null,
        created_at: '2026-11-23T21:59:59.000Z',
        description: null,
      },
    ]);
  });

  test('has only the named fields with --json and names', async () => {
    expect((await mcrctl('repo list --json total_size,name')).stdout).toBe(
      '{"total_size":90282214,"name":"team/app"}\n{"total_size":0,"name":"zoo"}\n',
    );
  });

  test.each([
    [33, '…'],
    [60, 'amd64, arm64/v8'],
  ])('fits a terminal of %d columns', async (columns, shown) => {
    const { stdout } = await mcrctl('tag list team/app --no-color', { terminal: true, columns });
    const widths = stdout.split('\n').map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    expect(stdout).toMatch(shown);
  });

  test('if empty prints a message for a user, and nothing for a program or with --quiet', async () => {
    expect(await mcrctl('tag list zoo', { terminal: true })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'No tags in zoo\n',
    });
    expect(await mcrctl('tag list zoo')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(await mcrctl('tag list zoo --quiet', { terminal: true })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

describe('color', () => {
  const colored = '\u001B[1mNAME\u001B[22m';

  test('is for a terminal', async () => {
    expect((await mcrctl('repo list', { terminal: true })).stdout).toMatch(colored);
    expect((await mcrctl('nothing', { terminal: true })).stderr).toMatch('\u001B[31merror:\u001B[39m Unknown');
  });

  test.each([
    ['a pipe', '', { terminal: false }],
    ['--no-color', '--no-color', { terminal: true }],
    ['NO_COLOR', '', { terminal: true, env: { NO_COLOR: '1' } }],
    ['TERM=dumb', '', { terminal: true, env: { TERM: 'dumb' } }],
  ])('is not for %s', async (_name, flag, surroundings) => {
    expect((await mcrctl(`repo list ${flag}`, surroundings)).stdout).not.toMatch('\u001B');
    expect((await mcrctl(`nothing ${flag}`, surroundings)).stderr).not.toMatch('\u001B');
  });
});

describe('gc --wait', () => {
  test('shows its progress to a user, on one line that is cleared', async () => {
    runs = [run, { ...run, examined: 90 }];
    const { stdout, stderr } = await mcrctl('gc --wait --no-color', { terminal: true });
    expect(stderr).toBe(
      [
        '\r\u001B[Kcollecting garbage: 7 examined, 1 blob removed, 0 s',
        '\r\u001B[Kcollecting garbage: 90 examined, 1 blob removed, 0 s',
        '\r\u001B[KRemoved 1 blob, 4.8 MiB\n',
      ].join(''),
    );
    expect(stdout).toMatch(/^state +completed$/m);
  });

  test('shows no progress with --quiet', async () => {
    runs = [run];
    expect((await mcrctl('gc --wait --quiet', { terminal: true })).stderr).toBe('');
  });

  test('shows no progress to a program', async () => {
    runs = [run];
    expect((await mcrctl('gc --wait')).stderr).toBe('Removed 1 blob, 4.8 MiB\n');
  });

  test('shows its progress also with --json, which only affects the data', async () => {
    runs = [run];
    expect(await mcrctl('gc --wait --json state', { terminal: true })).toEqual({
      exitCode: 0,
      stdout: '{"state":"completed"}\n',
      stderr: [
        '\r\u001B[Kcollecting garbage: 7 examined, 1 blob removed, 0 s',
        '\r\u001B[KRemoved 1 blob, 4.8 MiB\n',
      ].join(''),
    });
  });

  test('fails when the run fails', async () => {
    runs = [run, failed];
    const { exitCode, stdout, stderr } = await mcrctl('gc --wait --json state,error');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '{"state":"failed","error":"The disk is gone"}\n' });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        message: 'the garbage collection failed: The disk is gone',
        hint: "the server's log says more",
        exit_code: 1,
      },
    });
  });

  test('is cancelled by Ctrl-C', async () => {
    const interrupt = new AbortController();
    runs = [run, run, run, run, run, run];
    setImmediate(() => interrupt.abort());
    expect(await mcrctl('gc --wait', { signal: interrupt.signal })).toEqual({
      exitCode: 130,
      stdout: '',
      stderr: 'cancelled\n',
    });
  });
});
