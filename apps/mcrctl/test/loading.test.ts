import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let directory: string;
let spy: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcrctl-loading-'));
  spy = join(directory, 'spy.mjs');
  // Node's own modules load each other; only those that our code names are of interest, and the big packages.
  await writeFile(
    spy,
    `import { registerHooks } from 'node:module';
const loaded = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const [, name] = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(found.url) ?? [];
    const isOurs = context.parentURL?.includes('/mcrctl/src/');
    if (name ?? (isOurs && found.url.startsWith('node:'))) loaded.add(name ?? found.url);
    return found;
  },
});
process.on('exit', () => process.stderr.write('LOADED ' + [...loaded].sort().join(' ')));
`,
  );
});
afterAll(() => rm(directory, { recursive: true }));

async function loadedBy(line: string): Promise<string[]> {
  const env = {
    XDG_CONFIG_HOME: directory,
    MCR_SERVER: 'https://127.0.0.1:1',
    MCR_GRPC: 'https://127.0.0.1:1',
    MCR_TOKEN: 't',
  };
  const { stderr } = await run(process.execPath, ['--import', spy, main, ...line.split(' ')], { env });
  return /LOADED (.*)$/.exec(stderr)?.[1]?.split(' ') ?? [];
}

const packages = ['@bufbuild/protobuf', '@connectrpc/connect', '@connectrpc/connect-node', 'yargs'];
const connections = ['node:http', 'node:https', 'node:tls', 'node:crypto', 'node:readline'];

test.each(['--help', 'repo list --help', '--version'])(
  'mcrctl %s loads no package and nothing for connections',
  async (line) => {
    const loaded = await loadedBy(line);
    expect(loaded).toContain('node:path');
    expect(loaded.filter((name) => [...packages, ...connections].includes(name))).toEqual([]);
  },
);

test('a command without a request loads nothing for connections', async () => {
  const loaded = await loadedBy('config');
  expect(loaded).toContain('yargs');
  expect(loaded.filter((name) => [...packages, ...connections].includes(name))).toEqual(['yargs']);
});

test('a command of the REST API loads no Connect', async () => {
  const loaded = await loadedBy('repo list');
  expect(loaded).toContain('node:https');
  expect(loaded.filter((name) => packages.includes(name))).toEqual(['@bufbuild/protobuf', 'yargs']);
});

test('a command of the gRPC API loads what it needs', async () => {
  expect((await loadedBy('policy list')).filter((name) => packages.includes(name))).toEqual(packages);
});

test('completion of commands loads no package', async () => {
  expect((await loadedBy('__complete mcrctl')).filter((name) => packages.includes(name))).toEqual([]);
});
