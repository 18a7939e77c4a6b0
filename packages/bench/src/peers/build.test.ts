import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { readBuild } from './build.ts';

test('a build is named with a built checkout, or with the bundle itself', async () => {
  await using directory = await tempDirectory('mcr-bench-');
  const dist = join(directory.path, 'apps', 'mcrsrv', 'dist');
  const bundle = join(dist, 'mcrsrv.mjs');
  await mkdir(dist, { recursive: true });
  await writeFile(bundle, '');
  expect(readBuild(`before=${directory.path}`, [])).toEqual({ name: 'before', bundle });
  expect(readBuild(`v0.2=${bundle}`, [])).toEqual({ name: 'v0.2', bundle });
  expect(readBuild(`workers=${bundle},MCR_SERVER_WORKERS=2,MCR_STORAGE_SHARED=true`, [])).toEqual({
    name: 'workers',
    bundle,
    env: { MCR_SERVER_WORKERS: '2', MCR_STORAGE_SHARED: 'true' },
  });
});

test('a checkout that was not built, and a bundle that does not exist, are errors that say what to do', async () => {
  await using directory = await tempDirectory('mcr-bench-');
  const missing = /^no server bundle at .*mcrsrv\.mjs: run "npm run build" in that checkout/;
  expect(() => readBuild(`before=${directory.path}`, [])).toThrow(missing);
  expect(() => readBuild(`before=${join(directory.path, 'mcrsrv.mjs')}`, [])).toThrow(missing);
});

test.each([
  ['before'],
  ['=/path'],
  ['before='],
  ['Be fore=/path'],
  ['mcr, collecting=/path'],
  ['before=/path,PATH=/bin'],
])('"%s" is an error that names the form', (text) => {
  expect(() => readBuild(text, [])).toThrow('it has the form NAME=PATH');
});

test('two contenders cannot have the same name', () => {
  expect(() => readBuild('mcr=/path', ['mcr'])).toThrow('there is a contender "mcr" already');
});
