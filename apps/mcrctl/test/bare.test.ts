import { fileURLToPath } from 'node:url';
import { run } from '@mcr/testkit';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

test('works with an empty environment', async () => {
  const { code, stdout, stderr } = await run(process.execPath, [main, 'config', '--server', 'localhost:8443'], {
    env: {},
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch('server\thttps://localhost:8443\tflag\t--server\n');
});

test('a reader that closes the pipe early is not an error', async () => {
  const script = `"$1" "$2" --help | true; exit "\${PIPESTATUS[0]}"`;
  const { code, stdout, stderr } = await run('bash', ['-c', script, 'bash', process.execPath, main]);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
});
