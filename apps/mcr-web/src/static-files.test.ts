import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { loadStaticFiles } from './static-files.ts';

const url = (folder: string) => pathToFileURL(`${folder}/`);

test('a file is found under a path with the hash of its content', async () => {
  await using folder = await tempDirectory();
  await writeFile(join(folder.path, 'a.css'), 'a {}');
  const files = loadStaticFiles(url(folder.path));
  const path = files.path('a.css');
  expect(path).toMatch(/^\/static\/a\.[0-9a-f]{12}\.css$/);
  expect(files.find(path)).toMatchObject({
    content: new Uint8Array(Buffer.from('a {}')),
    contentType: 'text/css; charset=utf-8',
  });
});

test('changed content has another path, and the old path is gone', async () => {
  await using folder = await tempDirectory();
  await writeFile(join(folder.path, 'a.css'), 'a {}');
  const before = loadStaticFiles(url(folder.path)).path('a.css');
  await writeFile(join(folder.path, 'a.css'), 'b {}');
  const files = loadStaticFiles(url(folder.path));
  expect(files.path('a.css')).not.toBe(before);
  expect(files.find(before)).toBeUndefined();
});

test('files are read once', async () => {
  await using folder = await tempDirectory();
  await writeFile(join(folder.path, 'a.css'), 'a {}');
  const files = loadStaticFiles(url(folder.path));
  await rm(join(folder.path, 'a.css'));
  expect(files.find(files.path('a.css'))).toBeDefined();
});

test('a file of an unknown type, and an unknown name, are errors', async () => {
  await using folder = await tempDirectory();
  expect(() => loadStaticFiles(url(folder.path)).path('a.css')).toThrow('static file a.css not found');
  await writeFile(join(folder.path, 'a.exe'), '');
  expect(() => loadStaticFiles(url(folder.path))).toThrow('static file a.exe has an unknown extension');
});

test('text is also there in gzip, fonts are not', async () => {
  const files = loadStaticFiles();
  const style = files.find(files.path('style.css'));
  expect(gunzipSync(style?.gzipped ?? '')).toEqual(Buffer.from(style?.content ?? ''));
  expect(files.find(files.path('inter-latin-wght-normal.woff2'))).not.toHaveProperty('gzipped');
});

test('the style is one sheet, with the paths of the fonts', async () => {
  const files = loadStaticFiles();
  const style = Buffer.from(files.find(files.path('style.css'))?.content ?? '').toString();
  const urls = [...style.matchAll(/url\("([^"]+)"\)/g)].map(([, url = '']) => url);
  expect(urls).toEqual(['inter', 'jetbrains-mono'].map((name) => files.path(`${name}-latin-wght-normal.woff2`)));
  expect(style).not.toContain('@import');
});
