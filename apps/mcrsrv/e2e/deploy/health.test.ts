import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { startRegistry } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { sharedResources } from '../shared.ts';

const shared = sharedResources();

test('mcrsrv health says whether the server of a configuration is ready', async () => {
  const registry = shared.use(await startRegistry());
  const health = (...args: string[]): Promise<string> =>
    registry.cli(['health', '--config', registry.configPath, ...args]);

  expect(await health()).toBe('ready\n');
  await registry.stop();
  await expect(health()).rejects.toThrow(/is not ready: .*ECONNREFUSED/);

  const waiting = health('--wait', '30');
  await registry.restart();
  expect(await waiting).toBe('ready\n');
});

test('mcrsrv health --live is content with a server that serves what it can', async () => {
  const registry = shared.use(await startRegistry());
  const health = (...args: string[]): Promise<string> =>
    registry.cli(['health', '--config', registry.configPath, ...args]);
  const layers = join(registry.directory, 'layers');
  await rename(layers, `${layers}.away`);
  await expect(health()).rejects.toThrow(/is not ready: it responds with 503/);
  expect(await health('--live')).toBe('live\n');
  await rename(`${layers}.away`, layers);
  await registry.stop();
  await expect(health('--live')).rejects.toThrow(/is not live: .*ECONNREFUSED/);
});

test('mcrsrv health stops waiting when the process that it waits for is gone', async () => {
  const registry = shared.use(await startRegistry());
  const { pid } = registry;
  await registry.stop();
  const args = ['health', '--config', registry.configPath, '--wait', '600', '--pid', String(pid)];
  await expect(registry.cli(args)).rejects.toThrow(`Process ${pid} has ended; its log says why`);
});
