import assert from 'node:assert/strict';
import type { ProcessResult, TestRegistry } from '@mcr/testkit';

/** Starts a registry that must reject to, and tells how it ended and what it said. */
export async function startInVain(
  registry: TestRegistry,
): Promise<ProcessResult & Pick<TestRegistry, 'log' | 'directory'>> {
  await assert.rejects(registry.restart(), /not ready/);
  const { directory } = registry;
  return { ...(await registry.exited()), log: () => registry.log(), directory };
}
