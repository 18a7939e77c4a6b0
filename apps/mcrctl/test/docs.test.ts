import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commandSet } from '../src/commands/index.ts';
import { renderReference } from '../src/docs/reference.ts';

test('docs/cli.md matches the commands; node apps/mcrctl/src/docs/write.ts updates it', async () => {
  const text = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  expect(text).toBe(renderReference(commandSet));
});
