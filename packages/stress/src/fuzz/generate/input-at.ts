import { Random } from '../../random.ts';
import type { FuzzInput } from '../input.ts';
import type { Names } from '../names.ts';
import { someCall } from './calls.ts';
import { http1Input } from './http1.ts';
import { http2Input } from './http2.ts';
import type { Request } from './request.ts';
import { someRequest } from './requests.ts';
import { tcpInput } from './tcp.ts';
import { someVisit } from './visits.ts';

/** The n-th input of a seed: the same each time, but for the tokens, sessions and ports of the names. */
export function inputAt(seed: string, n: number, names: Names): FuzzInput {
  const random = new Random(`${seed} ${n}`);
  return names.surface === 'web' ? webInput(random, names) : registryInput(random, names);
}

function registryInput(random: Random, names: Names): FuzzInput {
  const transport = random.weighted({ registry: 58, rpc: 12, http2: 25, metrics: 2, tcp: 3 });
  if (transport === 'metrics') return http1Input(random, names, 'metrics', scrape(random, names));
  if (transport === 'registry') return http1Input(random, names, 'registry', someRequest(random, names));
  if (transport === 'rpc') return http1Input(random, names, 'rpc', someCall(random, names));
  if (transport === 'http2') return http2Input(random, names, someCall(random, names));
  return tcpInput(random);
}

/** Mostly of the metrics, else of anything that another port has. */
function scrape(random: Random, names: Names): Request {
  if (random.chance(0.2)) return someRequest(random, names);
  return { method: 'GET', path: '/metrics', query: [], headers: [['Host', names.host]], body: Buffer.alloc(0) };
}

function webInput(random: Random, names: Names): FuzzInput {
  if (random.chance(0.03)) return tcpInput(random, ['web tcp']);
  return http1Input(random, names, 'web', someVisit(random, names));
}
