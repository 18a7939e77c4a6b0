import { type Build, startVictims } from '../actor/victim.ts';
import { inspect, inspectLeftovers } from '../inspect/inspect.ts';
import { times } from './ledger.ts';
import type { Servers } from './servers.ts';

/** The workers of one registry on SQLite and disk. */
export async function workerServers(count: number, build: Build = {}): Promise<Servers> {
  const registry = await startVictims(count, build, times);
  const serving = `registry_workers{state="responding"} ${count}\n`;
  return {
    registry,
    count,
    kind: 'worker',
    clientOf: (number) => registry.clientOf(number),
    async kill(number) {
      const pid = (await registry.workers()).find((worker) => worker.number === number)?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      return pid !== undefined;
    },
    allServe: async () => (await (await fetch(`${registry.metricsUrl}/metrics`)).text()).includes(serving),
    inspect: (world, clients) => inspect(registry, world, clients),
    inspectLeftovers: (world) => inspectLeftovers(registry, world),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}
