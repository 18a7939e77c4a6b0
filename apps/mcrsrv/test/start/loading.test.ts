import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultBundle, run } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
let directory: string;
let spy: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcrsrv-loading-'));
  spy = join(directory, 'spy.mjs');
  await writeFile(
    spy,
    `import { registerHooks } from 'node:module';
const loaded = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const [, name] = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(found.url) ?? /\\/mcrsrv\\/src\\/(admin\\/.+)/.exec(found.url) ?? [];
    if (name !== undefined) loaded.add(name);
    return found;
  },
});
process.on('exit', () => process.stderr.write('LOADED ' + [...loaded].sort().join(' ')));
`,
  );
});
afterAll(() => rm(directory, { recursive: true }));

async function loadedBy(...argv: string[]): Promise<string[]> {
  const { stderr } = await run(process.execPath, ['--import', spy, main, ...argv], {});
  return /LOADED (.*)$/.exec(stderr)?.[1]?.split(' ') ?? [];
}

/** What the database, the admin plane and the listeners are made of. */
const parts = /^(?:better-sqlite3|drizzle-orm|@bufbuild|@connectrpc|hono|jose|undici|admin\/)/;

test.each([['--help'], ['--version'], ['account', '--help'], ['account', 'create', '--help'], ['health', '--help']])(
  'mcrsrv %s %s loads neither the database nor the admin plane, nor what parses a command line',
  async (...argv) => {
    const loaded = await loadedBy(...argv);
    expect(loaded).toContain('zod');
    expect(loaded.filter((name) => name === 'yargs' || parts.test(name))).toEqual([]);
  },
);

test('a command on accounts loads the operations that it calls, and no listener', async () => {
  const loaded = await loadedBy('account', 'list', '--config', join(directory, 'none.toml'));
  expect(loaded).toContain('admin/accounts/list.ts');
  expect(loaded.filter((name) => /^(?:@connectrpc|hono|admin\/(?:operations\.ts|rest|policy))/.test(name))).toEqual([]);
});

test('a registry on SQLite loads no driver of PostgreSQL', async () => {
  const home = join(directory, 'registry');
  expect((await run(process.execPath, [main, 'init', '--dir', home], {})).code).toBe(0);
  const loaded = await loadedBy('account', 'list', '--config', join(home, 'mcr.toml'));
  expect(loaded).toContain('better-sqlite3');
  expect(loaded.filter((name) => /^pg\b/.test(name))).toEqual([]);
});

test('what loads modules is not optimized, from the first module on', async () => {
  const { stdout } = await run(process.execPath, ['--trace-opt', defaultBundle, '--version'], {});
  expect(stdout).toContain('isPosixPathSeparator');
  expect(stdout).not.toMatch(/requireBuiltin|getPathFromURLPosix/);
});
