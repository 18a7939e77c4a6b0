import { readdir, readFile } from 'node:fs/promises';
import { startRegistry } from '@mcr/testkit';
import { expect, test } from 'vitest';

test.runIf(process.platform === 'linux')(
  'the server has more threads for its files than Node would give it',
  async () => {
    await using registry = await startRegistry();
    const tasks = `/proc/${registry.pid}/task`;
    const names = (await readdir(tasks)).map((id) => readFile(`${tasks}/${id}/comm`, 'utf8'));
    expect((await Promise.all(names)).filter((name) => name.startsWith('libuv-worker'))).toHaveLength(16);
  },
);
