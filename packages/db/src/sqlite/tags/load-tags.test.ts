import { parseTag } from '@mcr/core';
import { expect, test } from 'vitest';
import { app, push } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();

test.each(['newest_version', 'updated'] as const)('a list by %s reads ten images at a time', async (order) => {
  const statements: string[] = [];
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path, onStatement: (statement) => statements.push(statement) });
  for (let at = 0; at < 25; at += 1) await push(store, app, `image ${at}`, { tags: [parseTag(`1.${at}`)] });
  statements.length = 0;
  const tagsPerImage = order === 'newest_version' ? { tagsPerImage: 10 } : {};
  const tags = await store.tags.listDetails(app, { order, limit: 25, ...tagsPerImage });
  expect(new Set(tags.map(({ digest }) => digest)).size).toBe(25);
  const details = statements.filter((statement) => statement.includes('manifest_pulls'));
  expect(details).toHaveLength(3);
  await store.close();
});
