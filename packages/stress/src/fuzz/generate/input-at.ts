import { Random } from '../../random.ts';
import type { FuzzInput } from '../input.ts';
import type { World } from '../world.ts';
import { someCall } from './calls.ts';
import { http1Input } from './http1.ts';
import { http2Input } from './http2.ts';
import type { Request } from './request.ts';
import { someRequest } from './requests.ts';
import { tcpInput } from './tcp.ts';
import { someVisit } from './visits.ts';

/** The n-th input of a seed: the same each time, but for the tokens, sessions and ports of the world. */
export function inputAt(seed: string, n: number, world: World): FuzzInput {
  const random = new Random(`${seed} ${n}`);
  return world.surface === 'web' ? webInput(random, world) : registryInput(random, world);
}

function registryInput(random: Random, world: World): FuzzInput {
  const door = random.weighted({ registry: 58, rpc: 12, http2: 25, metrics: 2, tcp: 3 });
  if (door === 'metrics') return http1Input(random, world, 'metrics', scrape(random, world));
  if (door === 'registry') return http1Input(random, world, 'registry', someRequest(random, world));
  if (door === 'rpc') return http1Input(random, world, 'rpc', someCall(random, world));
  if (door === 'http2') return http2Input(random, world, someCall(random, world));
  return tcpInput(random);
}

/** Mostly of the metrics, else of anything that another port has. */
function scrape(random: Random, world: World): Request {
  if (random.chance(0.2)) return someRequest(random, world);
  return { method: 'GET', path: '/metrics', query: [], headers: [['Host', world.host]], body: Buffer.alloc(0) };
}

function webInput(random: Random, world: World): FuzzInput {
  if (random.chance(0.03)) return tcpInput(random, ['web tcp']);
  return http1Input(random, world, 'web', someVisit(random, world));
}
