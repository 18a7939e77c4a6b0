import { startBalancer } from '@mcr/testkit';
import { crewThreads } from '../crew.ts';
import { type Contender, startContender } from './contenders.ts';
import { type Load, type Measure, manifestGets } from './measures.ts';

/**
 * Starts registries that share nothing, each with SQLite, a disk and a haproxy of its own: the control of replicas. What a
 * request costs more on several of these is the machine's doing.
 */
export async function startSeparateContenders(
  count: number,
  resources: AsyncDisposableStack,
): Promise<readonly Contender[]> {
  const contenders: Contender[] = [];
  for (let at = 0; at < count; at += 1) {
    const contender = resources.use(await startContender('SQLite + disk'));
    const { registry } = contender;
    if (registry === undefined) throw new Error('A contender of one process has its registry');
    const [port, probePort] = [contender.address.port, Number(new URL(registry.metricsUrl).port)];
    const balancer = resources.use(await startBalancer([{ port, probePort }]));
    contenders.push({ ...contender, address: { ...contender.address, port: balancer.port } });
  }
  return contenders;
}

/** CPU for each GET of a manifest, of all registries together while each has its own clients. */
export async function separateGets(contenders: readonly Contender[], load: Load): Promise<Measure> {
  const each = await Promise.all(
    contenders.map((contender, at) =>
      manifestGets(contender, { ...load, threads: crewThreads(at, contenders.length) }),
    ),
  );
  const rate = each.reduce((sum, measure) => sum + measure.rate, 0);
  const name = each.length === 1 ? '1 registry' : `${each.length} separate registries`;
  const what = 'manifest GET of separate registries, ms/request';
  return { name, what, rate, cpuMs: each.reduce((sum, measure) => sum + measure.cpuMs * measure.rate, 0) / rate };
}
