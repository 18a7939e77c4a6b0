import { startBalancer, startRegistry, type TestRegistry } from '@mcr/testkit';
import { Connection } from '../connection.ts';
import { cpuSeconds } from '../cpu.ts';
import { pushImage } from '../push.ts';
import { type Contender, logLevel } from './contenders.ts';
import { repository } from './measures.ts';

/**
 * Starts registries behind haproxy that share nothing, each with SQLite and a disk of its own and the image of `manifestGets`: the control
 * of replicas. What a request costs more on several of these is the machine's doing.
 */
export async function startSeparateContender(count: number): Promise<Contender> {
  await using resources = new AsyncDisposableStack();
  const registries: TestRegistry[] = [];
  const password = 'the password of bench';
  for (let at = 0; at < count; at += 1) {
    const registry = resources.use(await startRegistry({ env: logLevel, logToFile: true }));
    await registry.addAccount('bench', { roles: ['admin'], password });
    registries.push(registry);
  }
  const authorization = `Basic ${Buffer.from(`bench:${password}`).toString('base64')}`;
  for (const { baseUrl, ca } of registries) {
    const own = { host: '127.0.0.1', port: portOf(baseUrl), ca, authorization };
    using connection = await Connection.open(own);
    await pushImage(connection, own, repository, 'v1');
  }
  const backends = registries.map(({ baseUrl, metricsUrl }) => ({
    port: portOf(baseUrl),
    probePort: portOf(metricsUrl),
  }));
  const { port } = resources.use(await startBalancer(backends));
  const ca = registries.map((registry) => registry.ca).join('\n');
  const owned = resources.move();
  return {
    name: count === 1 ? '1 registry' : `${count} separate registries`,
    address: { host: '127.0.0.1', port, ca, authorization },
    async cpu() {
      const each = await Promise.all(registries.map(({ pid }) => cpuSeconds(pid)));
      return each.reduce((sum, seconds) => sum + seconds, 0);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
