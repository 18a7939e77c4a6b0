import { digestOf, parseTag } from '@mcr/core';
import { expect, test } from 'vitest';
import { app, latest, other, push, start } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();

test('pulls of one repository are written one after the other, and the repository is looked up once', async () => {
  const statements: string[] = [];
  const onStatement = (statement: string) => statements.push(statement);
  const store = await SqliteMetadataStore.open({ path: directory.file('mcr.db'), onStatement });
  for (const repository of [app, other]) await push(store, repository, 'one', { tags: [latest] });
  const pull = { digest: digestOf('one'), tag: latest, at: start };
  statements.length = 0;
  await store.manifests.notePulls([
    { ...pull, repository: app },
    { ...pull, repository: other },
    { ...pull, repository: app, tag: parseTag('v1') },
  ]);
  await store.close();
  const kinds = statements.map((statement) => statement.trim().split(' ')[0]?.toUpperCase());
  const ofApp = ['SELECT', 'INSERT', 'UPDATE', 'INSERT', 'UPDATE'];
  expect(kinds).toEqual(['BEGIN', ...ofApp, ...ofApp.slice(0, 3), 'COMMIT']);
});
