import { Code, ConnectError } from '@connectrpc/connect';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority, type TestAuthority } from './_util/connections.ts';
import { rpcMethods } from './_util/rpc-server.ts';
import { runMcrctl } from './_util/run-mcrctl.ts';

let authority: TestAuthority;

beforeAll(async () => {
  authority = await createAuthority();
});
afterAll(() => authority[Symbol.asyncDispose]());

const digestOf = (end: string): string => `sha256:abcdef${end.padStart(58, '0')}`;
const hit = (repository: string, end: string) => ({ kind: 'manifest', repository, digest: digestOf(end) });
const elsewhere = Array.from({ length: 50 }, (_, index) => hit(`r${index}`, '1'));
const denied = new ConnectError('Denied', Code.PermissionDenied);

/** What `manifest get a@abcdef` does where search and the list of manifests find this. */
async function get(hits: readonly ReturnType<typeof hit>[] | ConnectError, listed: readonly string[]) {
  await using server = await authority.serveHttp2(
    rpcMethods(({ rpc }) => {
      rpc(RegistryService.method.search, () => {
        if (hits instanceof ConnectError) throw hits;
        return { hits: [...hits] };
      });
      rpc(RegistryService.method.listManifests, () => ({
        manifests: listed.map((end) => ({ digest: digestOf(end) })),
      }));
      rpc(RegistryService.method.getManifest, ({ reference }) => ({
        manifest: { digest: reference },
        content: new TextEncoder().encode('{}'),
      }));
    }),
  );
  const common = ['--server', 'localhost:1', '--grpc', server.url, '--ca-cert', authority.caFile, '--token', 't'];
  return await runMcrctl(['manifest', 'get', 'a@abcdef', '-o', 'name', ...common]);
}

test.each([
  ['search finds it', [hit('a', '1'), hit('b', '2')], []],
  ['search finds too many elsewhere', elsewhere, ['1']],
  ['search is denied', denied, ['1']],
])('a short digest is found where %s', async (_case, hits, listed) => {
  expect(await get(hits, listed)).toEqual({ exitCode: 0, stdout: `a@${digestOf('1')}\n`, stderr: '' });
});

test.each([
  ['search finds both', [hit('a', '1'), hit('a', '2')], []],
  ['search may have left one out', [hit('a', '1'), ...elsewhere.slice(1)], ['1', '2']],
])('a short digest of two manifests is rejected where %s', async (_case, hits, listed) => {
  const message = 'error: several manifests of a begin with abcdef\nhint: give more characters of the digest\n';
  expect(await get(hits, listed)).toEqual({ exitCode: 2, stdout: '', stderr: message });
});

test('a short digest of no manifest is not found', async () => {
  const message =
    'error: a has no manifest that begins with abcdef\nhint: mcrctl manifest list a shows its manifests\n';
  expect(await get([], [])).toEqual({ exitCode: 3, stdout: '', stderr: message });
});
