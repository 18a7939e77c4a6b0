import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { cruise } from './cruise.ts';

const top = join(import.meta.dirname, '..', '..', '..', '..');
const table = (workspace: string) => `${workspace} imports what its line of the import table names`;
const relative = 'relative imports stay in their package';
const noTests = 'production code uses no test code';
const unnamed = 'production code imports what its package.json names';
const missing = 'each import leads somewhere';
const own = 'no other package imports an app';
const noCross = 'transports do not use each other';
const noStores = 'transports use services, not stores';
const noHttp = 'services use no transports and know no HTTP';
const noFramework = 'services know no framework';

/** Where something is imported, how, and the rules that this breaks. */
type Planted = readonly [path: string, text: string, ...rules: string[]];

const planted: readonly Planted[] = [
  ['packages/core/src/a.ts', "import { readFile } from 'node:fs/promises';", table('packages/core')],
  ['packages/core/src/b.ts', "import { z } from 'zod';", table('packages/core'), unnamed],
  ['packages/core/src/c.ts', "import { createHash } from 'node:crypto';"],
  ['packages/core/src/d.test.ts', "import fc from 'fast-check';"],
  ['packages/config/src/a.ts', "import 'zod'; import 'node:fs';"],
  ['packages/config/src/c.ts', "import 'smol-toml';", unnamed],
  ['packages/config/src/b.ts', "import type fc from 'fast-check';", table('packages/config'), unnamed],
  ['packages/storage/src/a.ts', "import type { MetadataStore } from '@mcr/db';", table('packages/storage')],
  ['packages/auth/src/a.ts', "const store = await import('@mcr/db');", table('packages/auth')],
  ['packages/rpc/src/a.ts', "import { Code } from '@connectrpc/connect';", table('packages/rpc'), unnamed],
  ['packages/db/src/testing/a.ts', "import { test } from 'vitest';"],
  ['packages/db/src/a.ts', "import { drizzle } from 'drizzle-orm';"],
  ['packages/unknown/src/a.ts', "import 'node:fs';", 'each package has a line in the import table'],
  ['packages/testkit/src/a.ts', "import { createServer } from 'mcrsrv';", missing],
  ['packages/testkit/src/b.ts', "import { context } from 'mcrsrv/src/context.ts';", own],
  ['packages/bench/src/a.ts', "import { context } from '../../../apps/mcrsrv/src/context.ts';", relative, own],
  ['apps/mcrsrv/src/a.ts', "import Database from 'better-sqlite3';", table('apps/mcrsrv'), unnamed],
  ['apps/mcrsrv/src/b.ts', "import { startServer } from '@mcr/testkit';", table('apps/mcrsrv')],
  ['apps/mcrsrv/src/c.ts', "import { describeStore } from '@mcr/db/testing';", noTests],
  ['apps/mcrsrv/src/d.ts', "import { helper } from './testing/helper.ts';", noTests],
  ['apps/mcrsrv/src/e.ts', "import { schema } from '../../../packages/db/src/index.ts';", relative],
  ['apps/mcrsrv/src/f.ts', "import { open } from '@mcr/db'; import { routes } from './oci/form.ts';"],
  ['apps/mcrsrv/e2e/a.test.ts', "import { startServer } from '@mcr/testkit';"],
  ['apps/mcr-web/src/a.ts', "import { open } from '@mcr/db';", table('apps/mcr-web')],
  ['apps/mcr-web/src/b.ts', "export { Disk } from '@mcr/storage';", table('apps/mcr-web')],
  ['apps/mcrctl/src/a.ts', "import { Hono } from 'hono';", table('apps/mcrctl'), unnamed],
  ['apps/mcrsrv/src/oci/a.ts', "import type { MetadataStore } from '@mcr/db';", noStores],
  ['apps/mcrsrv/src/oci/b.ts', "const { call } = await import('../rpc/call.ts');", noCross],
  ['apps/mcrsrv/src/oci/c.ts', "import { push } from '../services/push.ts'; import { form } from './form.ts';"],
  ['apps/mcrsrv/src/rpc/a.ts', "import type { BlobStore } from '@mcr/storage';", noStores],
  ['apps/mcrsrv/src/rpc/b.ts', "import { form } from '../oci/form.ts';", noCross],
  ['apps/mcrsrv/src/services/a.ts', "import { HTTPException } from 'hono';", noFramework],
  ['apps/mcrsrv/src/services/b.ts', "import { ConnectError } from '@connectrpc/connect';", noFramework],
  ['apps/mcrsrv/src/services/c.ts', "import type { Form } from '../oci/form.ts';", noHttp],
  ['apps/mcrsrv/src/services/d.ts', "import type { Locations } from '../http/locations.ts';", noHttp],
  ['apps/mcrsrv/src/services/e.ts', "import { renderError } from '../errors/http.ts';", noHttp],
  ['apps/mcrsrv/src/services/f.ts', "import type { MetadataStore } from '@mcr/db';"],
];

const stubs = [
  'packages/db/src/index.ts',
  'packages/db/src/testing/index.ts',
  'packages/storage/src/index.ts',
  'packages/testkit/src/index.ts',
  'apps/mcrsrv/src/context.ts',
  'apps/mcrsrv/src/testing/helper.ts',
  'apps/mcrsrv/src/oci/form.ts',
  'apps/mcrsrv/src/rpc/call.ts',
  'apps/mcrsrv/src/http/locations.ts',
  'apps/mcrsrv/src/errors/http.ts',
  'apps/mcrsrv/src/services/push.ts',
];
const installed = [
  'zod',
  'smol-toml',
  'fast-check',
  'vitest',
  'hono',
  '@connectrpc/connect',
  'drizzle-orm',
  'better-sqlite3',
];

test('the rules find each planted import that breaks them, and no other', { timeout: 60_000 }, async () => {
  await using directory = await tempDirectory();
  await build(directory.path);
  const { violations } = await cruise(directory.path);
  const found = planted.map(([path, text]) => {
    const rules = violations.filter(({ from }) => from === path).map(({ rule }) => rule);
    return [path, text, ...rules.toSorted()];
  });
  expect(found).toEqual(planted.map(([path, text, ...rules]) => [path, text, ...rules.toSorted()]));
});

/** The real one, but that of `config` names no `smol-toml`, which it may use and does. */
async function manifestOf(workspace: string): Promise<string> {
  const text = await readFile(join(top, workspace, 'package.json'), 'utf8');
  return workspace === 'packages/config' ? text.replace(/^ *"smol-toml".*\n/m, '') : text;
}

/** A repository of the planted files, with the real manifests of the packages and stubs of what is installed. */
async function build(directory: string): Promise<void> {
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  };
  const link = async (name: string, workspace: string): Promise<void> => {
    await mkdir(dirname(join(directory, 'node_modules', name)), { recursive: true });
    await symlink(join(directory, workspace), join(directory, 'node_modules', name));
  };
  for (const [path, text] of planted) await write(path, text);
  for (const path of stubs) await write(path, 'export {};');
  for (const name of installed) {
    await write(`node_modules/${name}/package.json`, JSON.stringify({ name, exports: './index.js' }));
    await write(`node_modules/${name}/index.js`, 'export {};');
  }
  await write('package.json', '{}');
  for (const parent of ['packages', 'apps']) {
    for (const name of await readdir(join(directory, parent))) {
      const workspace = `${parent}/${name}`;
      if (name !== 'unknown') await write(`${workspace}/package.json`, await manifestOf(workspace));
      await link(parent === 'apps' ? name : `@mcr/${name}`, workspace);
    }
  }
}
