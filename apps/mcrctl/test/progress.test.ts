import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, type TestAuthority } from './_util/connections.ts';
import type { HttpsServer } from './_util/https-server.ts';
import { rpcMethods } from './_util/rpc-server.ts';
import { runMcrctl, type Surroundings, words } from './_util/run-mcrctl.ts';

const clearLine = '\r\u001B[K';

let authority: TestAuthority;
let rpc: HttpsServer;
/** Ends the request that the server holds back. */
let respond = Promise.withResolvers<void>();

beforeAll(async () => {
  authority = await createAuthority();
  const tags = Array.from({ length: 200 }, (_, index) => ({ name: `t${index}` }));
  rpc = await authority.serveHttp2(
    rpcMethods((router) => {
      router.rpc(RegistryService.method.listTags, ({ pageToken }) =>
        pageToken === '' ? { tags, nextPageToken: 'more' } : { tags: tags.slice(0, 1) },
      );
      router.rpc(RegistryService.method.getManifest, async () => {
        await respond.promise;
        return { manifest: {}, content: new TextEncoder().encode('{}') };
      });
    }),
  );
});
afterAll(async () => {
  await rpc[Symbol.asyncDispose]();
  await authority[Symbol.asyncDispose]();
});

const mcrctl = (line: string, surroundings: Surroundings) => {
  const address = ['--server', 'localhost:1', '--grpc', rpc.url, '--ca-cert', authority.caFile, '--token', 't'];
  return runMcrctl([...words(line), ...address], surroundings);
};

describe('a request that takes long', () => {
  /** Each look at this clock is two seconds after the last. */
  const hurried = () => {
    let now = Date.parse('2026-11-23T22:00:00Z');
    return { now: () => (now += 2_000) };
  };
  const line = 'manifest get team/app:1 --json digest --timeout 5m';

  test('says at a terminal what it waits for, on one line that is cleared', async () => {
    respond = Promise.withResolvers();
    let seen = '';
    const onMessage = (written: string) => {
      seen = written;
      if (/\d s\r.* \d+ s$/s.test(written)) respond.resolve();
    };
    const { exitCode } = await mcrctl(line, { terminal: true, clock: hurried(), onMessage });
    expect(exitCode).toBe(0);
    const lines = seen.split(clearLine);
    expect([lines.shift(), lines.pop()]).toEqual(['', '']);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines)
      expect(line).toMatch(/^waiting for the registry to show the manifest team\/app:1: \d+ s$/);
  });

  test.each([
    ['in a pipe', false, ''],
    ['with --quiet', true, ' --quiet'],
  ])('says nothing %s', async (_case, terminal, option) => {
    respond = Promise.withResolvers();
    const clock = hurried();
    let looks = 0;
    const now = () => {
      looks += 1;
      // By then two lines would have been written.
      if (looks > 5) respond.resolve();
      return clock.now();
    };
    expect(await mcrctl(line + option, { terminal, clock: { now } })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

test('a long list that goes elsewhere counts its rows at the terminal', async () => {
  const { stdout, stderr } = await mcrctl('tag list team/app -o name', { terminal: true, piped: true });
  expect(stdout.split('\n')).toHaveLength(202);
  const counts = stderr.split(clearLine).filter((line) => !line.startsWith('waiting') && line !== '');
  expect(counts).toEqual(['200 rows so far', '201 rows so far']);
  expect(stderr.endsWith(clearLine)).toBe(true);
});

test('a list at a terminal counts nothing', async () => {
  const { stderr } = await mcrctl('tag list team/app', { terminal: true });
  expect(stderr).not.toContain('so far');
});
