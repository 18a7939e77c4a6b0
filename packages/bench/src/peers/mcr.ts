import { startRegistry } from '@mcr/testkit';
import type { Peer } from './peer.ts';

/** MCR as in production. */
export const mcr: Peer = {
  name: 'mcr',
  conditions: 'token authentication, policy, audit of every pull, durable commits, request log',
  async start() {
    const registry = await startRegistry();
    const answer = await registry.client().token();
    const { hostname, port } = new URL(registry.baseUrl);
    return {
      name: mcr.name,
      host: hostname,
      port: Number(port),
      ca: registry.ca,
      authorization: `Bearer ${answer.token}`,
      pid: registry.pid,
      [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
    };
  },
};
