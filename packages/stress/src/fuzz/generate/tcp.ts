import type { Random } from '../../random.ts';
import type { FuzzInput } from '../input.ts';
import { randomBytes } from './values.ts';

/** The head of a TLS handshake record, and of the ClientHello in it. */
const hello = Buffer.from('16030100c8010000c40303', 'hex');
const alerts = Buffer.from('15030300020228', 'hex');

/** Bytes below TLS: none, halves and heaps of it. */
export function tcpInput(
  random: Random,
  transports: readonly FuzzInput['transport'][] = ['tcp', 'rpc tcp'],
): FuzzInput {
  const bytes = random.pick([
    Buffer.alloc(0),
    Buffer.from('GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    hello,
    Buffer.concat([hello, randomBytes(random, 189)]),
    Buffer.concat([hello, randomBytes(random, random.below(400))]),
    Buffer.alloc(20_000, alerts),
    randomBytes(random, random.below(2_000)),
    Buffer.concat([Buffer.from('1603010000', 'hex'), Buffer.alloc(5_000, 0)]),
  ]);
  return {
    kind: 'no TLS',
    transport: random.pick(transports),
    steps: [bytes],
    ending: random.chance(0.5) ? 'quiet' : 'reset',
  };
}
