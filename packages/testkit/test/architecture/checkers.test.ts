import { describe, expect, test } from 'vitest';
import { brokenLinks, purposeViolations } from './documents.ts';
import { exportViolations, sizeViolations, unfinishedWork } from './files.ts';
import { importsOf } from './imports.ts';
import { importViolations, serverLayerViolations } from './layering.ts';
import { dependencyViolations, undeclaredDependencies, versionViolations } from './manifests.ts';

const file = (path: string, text: string) => ({ path, text });
const manifest = (workspace: string, content: object) => file(`${workspace}/package.json`, JSON.stringify(content));

test('every way to import is seen, and comments and strings are not', () => {
  const text = `
    import a from 'a'; import type { B } from 'b'; import 'c'; import { type D } from 'd';
    export { e } from 'e'; export * from 'f'; export type { G } from 'g';
    const h = await import('h'); type I = import('i').I; import j = require('j'); await import(h);
    // import 'comment'
    const text = "import 'string'";`;
  expect(importsOf(file('x.ts', text))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', '(computed)']);
});

describe('the import table', () => {
  test.each([
    ['packages/core/src/digest.ts', "import { readFile } from 'node:fs/promises';"],
    ['packages/core/src/digest.ts', "import { z } from 'zod';"],
    ['packages/storage/src/disk.ts', "import type { MetadataStore } from '@mcr/db';"],
    ['packages/auth/src/local.ts', "const store = await import('@mcr/db');"],
    ['packages/rpc/src/more.ts', "import { Code } from '@connectrpc/connect';"],
    ['apps/mcrsrv/src/context.ts', "import Database from 'better-sqlite3';"],
    ['apps/mcrsrv/src/context.ts', "import { startServer } from '@mcr/testkit';"],
    ['apps/mcrsrv/src/context.ts', "import { describeMetadataStore } from '@mcr/db/testing';"],
    ['apps/mcrsrv/src/context.ts', "import { helper } from './testing/helper.ts';"],
    ['apps/mcrsrv/src/context.ts', "import { schema } from '../../../packages/db/src/schema.ts';"],
    ['apps/mcr-web/src/pages/tags.ts', "import { openSqliteStore } from '@mcr/db';"],
    ['apps/mcr-web/src/pages/tags.ts', "export { DiskBlobStore } from '@mcr/storage';"],
    ['apps/mcrctl/src/main.ts', "import { Hono } from 'hono';"],
    ['packages/testkit/src/server.ts', "import { context } from 'mcrsrv/src/context.ts';"],
    ['packages/bench/src/server.ts', "import { context } from '../../../apps/mcrsrv/src/context.ts';"],
    ['packages/unknown/src/index.ts', "import { z } from 'zod';"],
    ['packages/core/src/digest.ts', 'await import(name);'],
  ])('refuses in %s: %s', (path, text) => {
    expect(importViolations([file(path, text)])).toHaveLength(1);
  });

  test.each([
    ['packages/core/src/digest.ts', "import { createHash } from 'node:crypto';"],
    ['packages/core/src/digest.test.ts', "import fc from 'fast-check';"],
    ['packages/db/src/testing/suite.ts', "import { test } from 'vitest';"],
    ['packages/db/src/sqlite/open.ts', "import { drizzle } from 'drizzle-orm/better-sqlite3';"],
    ['packages/testkit/src/server.ts', "import { createServer } from 'mcrsrv';"],
    ['apps/mcrsrv/e2e/push.test.ts', "import { startServer } from '@mcr/testkit';"],
    ['apps/mcrsrv/src/context.ts', "import { openSqliteStore } from '@mcr/db';"],
  ])('allows in %s: %s', (path, text) => {
    expect(importViolations([file(path, text)])).toEqual([]);
  });
});

describe('the layers of mcrsrv', () => {
  test.each([
    ['oci/manifests.ts', "import type { MetadataStore } from '@mcr/db';"],
    ['rpc/gc.ts', "import type { BlobStore } from '@mcr/storage';"],
    ['rpc/get.ts', "import { ociError } from '../oci/error.ts';"],
    ['oci/gc.ts', "const { call } = await import('../rpc/gc.ts');"],
    ['services/manifests/push.ts', "import { HTTPException } from 'hono/http-exception';"],
    ['services/manifests/push.ts', "import { ConnectError } from '@connectrpc/connect';"],
    ['services/manifests/push.ts', "import type { Form } from '../../oci/form.ts';"],
    ['services/manifests/push.ts', "import type { Locations } from '../../http/locations.ts';"],
    ['services/manifests/push.ts', "import { renderError } from '../../errors/http.ts';"],
  ])('refuse in %s: %s', (path, text) => {
    expect(serverLayerViolations([file(`apps/mcrsrv/src/${path}`, text)])).toHaveLength(1);
  });

  test.each([
    ['oci/manifests.ts', "import { pushManifest } from '../services/manifests/push.ts';"],
    ['oci/manifests.ts', "import { ociError } from './error.ts';"],
    ['services/manifests/push.ts', "import type { MetadataStore } from '@mcr/db';"],
    ['context.ts', "import { ociRoutes } from './oci/routes.ts';"],
  ])('allow in %s: %s', (path, text) => {
    expect(serverLayerViolations([file(`apps/mcrsrv/src/${path}`, text)])).toEqual([]);
  });
});

describe('package.json', () => {
  test.each(['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'])(
    'takes versions of %s from the catalog',
    (kind) => {
      const versions = { zod: 'catalog:', '@mcr/core': 'workspace:*', pino: '^10.0.0' };
      expect(versionViolations([manifest('packages/x', { [kind]: versions })])).toEqual([
        'packages/x/package.json wants pino ^10.0.0: write "catalog:" or "workspace:*"',
      ]);
    },
  );

  test('may not name a runtime dependency off the table, but any for development', () => {
    const content = { dependencies: { zod: 'catalog:' }, devDependencies: { vitest: 'catalog:' } };
    expect(dependencyViolations([manifest('packages/core', content)])).toHaveLength(1);
    expect(dependencyViolations([manifest('packages/config', content)])).toEqual([]);
  });

  test('names what production code imports', () => {
    const manifests = [manifest('packages/config', { dependencies: { zod: 'catalog:' } })];
    const text = "import 'zod/v4'; import 'node:fs'; import './a.ts'; import 'smol-toml';";
    expect(undeclaredDependencies(manifests, [file('packages/config/src/load.ts', text)])).toEqual([
      'packages/config/src/load.ts imports smol-toml: name it in dependencies',
    ]);
    expect(undeclaredDependencies(manifests, [file('packages/config/src/load.test.ts', text)])).toEqual([]);
  });
});

describe('files', () => {
  const lines = (count: number): string => 'x\n'.repeat(count);

  test('of more than 400 lines are found, unless generated, a migration or a test', () => {
    const long = lines(401);
    const exempt = ['packages/rpc/src/gen/a_pb.ts', 'packages/db/src/migrations/0001.ts', 'apps/mcrctl/src/a.test.ts'];
    const short = ['packages/a/src/a.ts', 'packages/a/src/b.ts'].map((path) => file(path, lines(400)));
    expect(sizeViolations([...exempt.map((path) => file(path, long)), file('packages/a/src/c.ts', 'x')])).toEqual([]);
    expect(sizeViolations([file('packages/a/src/long.ts', long), file('a.ts', 'x'), file('b.ts', 'x')])).toEqual([
      'packages/a/src/long.ts has 401 lines: split it, 400 is the most',
    ]);
    expect(sizeViolations(short)).toEqual(['the median file has 400 lines: keep it below 80']);
  });

  test.each([
    ['packages/a/src/a.ts', 'export default 1;'],
    ['packages/a/src/a.ts', 'export default function () {}'],
    ['packages/a/src/a.ts', 'const a = 1; export { a as default };'],
    ['packages/a/src/index.ts', "export * from './a.ts';"],
    ['packages/a/src/index.ts', "export * as a from './a.ts';"],
  ])('export by name only: %s may not say %s', (path, text) => {
    expect(exportViolations([file(path, text)])).toHaveLength(1);
  });

  test('export names', () => {
    const text = "export const a = 1; export { b } from './b.ts'; export type C = 'export default';";
    expect(exportViolations([file('packages/a/src/index.ts', text)])).toEqual([]);
  });

  test.each([
    ['TO', 'DO'],
    ['FIX', 'ME'],
    ['XX', 'X'],
  ])('hold no %s%s', (...parts) => {
    expect(unfinishedWork([file('a.ts', `one\n// ${parts.join('')}: later`)])).toHaveLength(1);
    expect(unfinishedWork([file('a.ts', `mktemp /tmp/tool-${parts.join('')}s`)])).toEqual([]);
  });
});

describe('documents', () => {
  test.each([
    ['no README', undefined],
    ['no title', 'Parses digests and names of all kinds.'],
    ['no paragraph', '# @mcr/core'],
    ['a second heading first', '# @mcr/core\n\n## Usage\n\nParses digests and names of all kinds.'],
    ['a phrase', '# @mcr/core\n\nDomain.'],
  ])('a package with %s has no purpose', (_case, text) => {
    const readmes = text === undefined ? [] : [file('packages/core/README.md', text)];
    expect(purposeViolations(['packages/core'], readmes)).toHaveLength(1);
  });

  test('a title and a sentence say a purpose', () => {
    const readme = file('packages/core/README.md', '# @mcr/core\n\nThe pure domain\nof the registry.\n\nMore.\n');
    expect(purposeViolations(['packages/core'], [readme])).toEqual([]);
  });

  test('links to missing files are found', () => {
    const text = `[a](missing.md) [b](../README.md#top "t") [c](#here) [d](https://example.com) [e]: gone.md
[e]: gone.md
\`[f](code.md)\`
\`\`\`
[g](fenced.md)
\`\`\``;
    const exists = (path: string): boolean => path === 'README.md';
    expect(brokenLinks([file('docs/a.md', text)], exists)).toEqual([
      'docs/a.md links to missing.md, which does not exist',
      'docs/a.md links to gone.md, which does not exist',
    ]);
  });
});
