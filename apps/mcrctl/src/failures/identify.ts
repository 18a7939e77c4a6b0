import { Agent } from 'node:https';
import { exchange, type Message } from '../api/exchange.ts';
import type { Target } from '../settings/target.ts';
import { explainConnectionError, explainTimeout } from './connection.ts';

/** What listens at an address: the API that this option is for. */
export interface Identity {
  readonly option: Target['option'];
  readonly version: string;
}

/** How each API says that it is there. Neither needs a token, so none is sent to a stranger. */
const questions: readonly (readonly [Target['option'], Message])[] = [
  ['--server', { method: 'GET', path: '/v1/health' }],
  ['--grpc', { method: 'POST', path: '/mcr.v1.AdminService/Health', body: {} }],
];

/**
 * Asks a server which API of the registry it is; `undefined` when it is none. Throws a CliError when it cannot be asked.
 */
export async function identify(target: Target): Promise<Identity | undefined> {
  const agent = new Agent({ maxCachedSessions: 0 });
  for (const [option, question] of questions) {
    const deadline = AbortSignal.timeout(target.timeout);
    const answer = await exchange(target, question, agent, deadline).catch((error: unknown) => {
      throw deadline.aborted ? explainTimeout(target) : explainConnectionError(error, target);
    });
    const { status, version } = (answer.body ?? {}) as { status?: unknown; version?: unknown };
    if (answer.status === 200 && status === 'ok') return { option, version: String(version) };
  }
  return undefined;
}
