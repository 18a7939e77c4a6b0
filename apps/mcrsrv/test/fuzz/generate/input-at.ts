import { Random } from '../../gc/fire/random.ts';
import type { FuzzInput } from '../input.ts';
import type { World } from '../world.ts';
import { someCall } from './calls.ts';
import { http1Input } from './http1.ts';
import { http2Input } from './http2.ts';
import { someRequest } from './requests.ts';
import { tcpInput } from './tcp.ts';

/** The n-th input of a seed: the same each time, but for the tokens, sessions and ports of the world. */
export function inputAt(seed: string, n: number, world: World): FuzzInput {
  const random = new Random(`${seed} ${n}`);
  const door = random.weighted({ registry: 60, rpc: 12, http2: 25, tcp: 3 });
  if (door === 'registry') return http1Input(random, world, 'registry', someRequest(random, world));
  if (door === 'rpc') return http1Input(random, world, 'rpc', someCall(random, world));
  if (door === 'http2') return http2Input(random, world, someCall(random, world));
  return tcpInput(random);
}
