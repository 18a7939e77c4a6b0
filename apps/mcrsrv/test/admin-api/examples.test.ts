import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { openAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import { adminRoutes } from '../_util/routes.ts';
import { rpcUrl, services } from '../_util/rpc.ts';
import { testPassword } from '../_util/server.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const text = readFileSync(join(root, 'docs', 'api.md'), 'utf8');
const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);

test('docs/api.md shows every route and every RPC', () => {
  const shown = blocks.join('\n');
  const methods = services.flatMap((service) => service.methods.map(({ name }) => `${service.typeName}/${name}`));
  expect(methods.filter((name) => !text.includes(name))).toEqual([]);
  const variables: Record<string, string> = {
    name: 'team(?:/|%2F)(?:app|tool)',
    repository: 'team(?:/|%2F)app',
    reference: 'v\\d',
    tag: 'v\\d',
    id: '\\$[A-Z]+',
    digest: '\\$[A-Z]+',
  };
  const missing = adminRoutes.filter(({ method, path }) => {
    const target = path.replaceAll(/\{(\w+)\}/g, (_text, name: string) => variables[name]!).replaceAll('.', '\\.');
    const verb = method === 'GET' || method === 'POST' ? '' : `-X ${method} .*`;
    return !new RegExp(`^.*${verb}"\\$REGISTRY${target}[?"]`, 'm').test(shown);
  });
  expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test('the examples of docs/api.md run against a real registry', { timeout: 120_000 }, async () => {
  await using api = await openAdminApi();
  const { server } = api;
  for (const tag of ['v1', 'v2', 'v3', 'v4']) await seedImage(server, 'team/app', [tag], tag);
  await seedImage(server, 'team/tool', ['v1']);
  const script = ['set -euo pipefail', ...blocks.map((block, at) => `echo "--- block ${at + 1}"\n${block}`)]
    .join('\n')
    .replace('https://localhost:8443', server.baseUrl)
    .replace('https://localhost:9443', rpcUrl(server))
    .replace('srv/tls/ca.crt', join(server.directory, 'tls', 'ca.crt'));
  const path = join(server.directory, 'examples.sh');
  await writeFile(path, script, { mode: 0o600 });
  const { code, stdout, stderr } = await run('bash', [path], {
    cwd: root,
    input: `${testPassword}\n`,
    timeout: 100_000,
  });
  expect(code, `${stdout.slice(-3_000)}\n${stderr.slice(-3_000)}`).toBe(0);
  expect((await server.audit('gc_completed')).length).toBe(2);
  expect((await server.audit('logout')).length).toBe(2);
  expect(await server.context.services.store.policy.listRules()).toEqual([]);
  expect(await server.context.services.store.repositories.list({ limit: 1 })).toEqual([]);
});
