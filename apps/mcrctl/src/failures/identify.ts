import { Agent } from 'node:https';
import { exchange, type Message } from '../api/exchange.ts';
import type { Target } from '../settings/target.ts';
import { explainConnectionError, explainTimeout } from './connection.ts';

/** The option whose API listens at an address. */
export interface Identity {
  readonly option: Target['option'];
  readonly version: string;
}

/** The health request of each API. Neither needs a token, so that no token is sent to an unknown server. */
const questions: readonly (readonly [Target['option'], Message])[] = [
  ['--server', { method: 'GET', path: '/v1/health' }],
  ['--grpc', { method: 'POST', path: '/mcr.v1.AdminService/Health', body: {} }],
];

/** Determines which API of the registry a server is; `undefined` if none. Throws a CliError if it cannot be reached. */
export async function identify(target: Target): Promise<Identity | undefined> {
  const agent = new Agent({ maxCachedSessions: 0 });
  for (const [option, question] of questions) {
    const deadline = AbortSignal.timeout(target.timeout);
    const response = await exchange(target, question, agent, deadline).catch((error: unknown) => {
      throw deadline.aborted ? explainTimeout(target) : explainConnectionError(error, target);
    });
    const { status, version } = (response.body ?? {}) as { status?: unknown; version?: unknown };
    if (response.status === 200 && status === 'ok') return { option, version: String(version) };
  }
  return undefined;
}
