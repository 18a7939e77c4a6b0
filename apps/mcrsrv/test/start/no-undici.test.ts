import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRegistry, tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';

test('a built server starts, is ready and hands out tokens without undici, which Node loads for fetch and its like', async () => {
  await using directory = await tempDirectory('mcr-modules-');
  const [noting, noted] = [join(directory.path, 'note.cjs'), join(directory.path, 'modules')];
  const write = `require('node:fs').writeFileSync(${JSON.stringify(noted)}, process.moduleLoadList.join('\\n'))`;
  await writeFile(noting, `process.on('exit', () => ${write});`);
  await using registry = await startRegistry({ env: { NODE_OPTIONS: `--require=${noting}` } });
  await using client = registry.client();
  await client.token();
  await registry.stop();
  const modules = await readFile(noted, 'utf8');
  expect(modules).toContain('NativeModule _http_server');
  expect(modules).not.toContain('undici');
});
