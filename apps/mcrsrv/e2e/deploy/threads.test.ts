import { readdir, readFile } from 'node:fs/promises';
import { buildArtifact, pushImage, startRegistry } from '@mcr/testkit';
import { expect, test } from 'vitest';

test.runIf(process.platform === 'linux')(
  'the server has more threads for its files than Node would give it',
  async () => {
    await using registry = await startRegistry();
    const names = await threadsOf(registry.pid);
    expect(names.filter((name) => name.startsWith('libuv-worker'))).toHaveLength(16);
  },
);

test.runIf(process.platform === 'linux')('the server copies the log of its database in a thread for that', async () => {
  await using registry = await startRegistry();
  const client = registry.client();
  for (const tag of ['v1', 'v2']) {
    const annotations = { filler: tag.padEnd(3 << 20) };
    const image = buildArtifact({ artifactType: 'application/x.large', content: tag, annotations });
    expect((await pushImage(client, 'large/image', tag, image)).status).toBe(201);
  }
  await expect.poll(() => threadsOf(registry.pid), { timeout: 20_000 }).toContain('checkpoints');
  expect(registry.log()).not.toContain('hold up requests');
});

async function threadsOf(pid: number): Promise<string[]> {
  const ids = await readdir(`/proc/${pid}/task`);
  return await Promise.all(ids.map(async (id) => (await readFile(`/proc/${pid}/task/${id}/comm`, 'utf8')).trim()));
}
