import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess, tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');
const spy = `import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'prom-client') process.stderr.write('LOADED prom-client\\n');
    return next(specifier, context);
  },
});
`;

test.each([
  ['not loaded without web.metrics_addr', {}, false],
  ['loaded with it', { MCR_WEB_METRICS_ADDR: '127.0.0.1:0' }, true],
])('the library of the metrics is %s', async (_, env, isLoaded) => {
  await using folder = await tempDirectory();
  const [file, hooks] = [join(folder.path, 'mcr.toml'), join(folder.path, 'spy.mjs')];
  await writeFile(file, '[web]\nlisten_addr = "127.0.0.1:0"\n');
  await writeFile(hooks, spy);
  const argv = ['--import', hooks, main, 'server', '--config', file];
  await using web = await startProcess(process.execPath, argv, { env });
  await expect.poll(() => web.output(), { timeout: 30_000 }).toContain('"msg":"listening"');
  const { code, stderr } = await web.stop();
  expect({ code, isLoaded: stderr.includes('LOADED prom-client') }).toEqual({ code: 0, isLoaded });
});
