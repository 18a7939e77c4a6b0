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

test('mcrsrv health stops waiting when the process that it waits for is gone', async () => {
  const registry = shared.use(await startRegistry());
  const { pid } = registry;
  await registry.stop();
  const args = ['health', '--config', registry.configPath, '--wait', '600', '--pid', String(pid)];
  await expect(registry.cli(args)).rejects.toThrow(`Process ${pid} has ended; its log says why`);
});
