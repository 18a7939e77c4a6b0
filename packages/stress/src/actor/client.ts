import type { AuditEventType } from '@mcr/core';
import { createOciClient, type OciClient, type OciResponse, type TestRegistry } from '@mcr/testkit';
import { eventKey } from '../model/event-counts.ts';
import type { Ledger } from '../model/ledger.ts';
import type { Random } from '../random.ts';
import type { Phase, World } from './world.ts';

/** Calls a method, such as `AdminService/Health`, with a message as JSON. */
export type Rpc = (method: string, message: unknown) => Promise<OciResponse>;

/** Calls with an administrator's token, each over a connection of its own. */
export function rpcOf({ grpcUrl, ca }: Pick<TestRegistry, 'grpcUrl' | 'ca'>, token: string): Rpc {
  return async (method, message) => {
    await using client = createOciClient({ baseUrl: grpcUrl, ca, token });
    const headers = { 'content-type': 'application/json' };
    return await client.request('POST', `/mcr.v1.${method}`, { headers, body: JSON.stringify(message) });
  };
}

/** One client, which alone writes to its repository and so knows what is in it. */
export interface Client {
  readonly world: World;
  readonly random: Random;
  readonly oci: OciClient;
  readonly rpc: Rpc;
  /** The same registry for an account that the client's policy rules keep out. */
  readonly outsider: { readonly oci: OciClient; readonly id: string };
  readonly ledger: Ledger;
}

/** A change that leaves an event in the audit log, and the status that acknowledges it. */
export interface Change {
  readonly phase: Phase;
  readonly event: AuditEventType;
  readonly acknowledgment: number;
}

/** Sends a request that changes something, and keeps count of the event that it must leave. */
export function change(client: Client, what: Change, send: () => Promise<OciResponse>): Promise<OciResponse> {
  return changes(client, what, [what.event], send);
}

/** The same for a request that changes several things at once. */
export async function changes(
  { world, ledger: { repository } }: Client,
  { phase, acknowledgment }: Omit<Change, 'event'>,
  events: readonly AuditEventType[],
  send: () => Promise<OciResponse>,
): Promise<OciResponse> {
  const keys = events.map((event) => eventKey(event, event.startsWith('policy_') ? '' : repository));
  for (const key of keys) world.events.sent(key);
  const answer = await world.request(phase, send);
  const isAccepted = answer.status === acknowledgment;
  for (const key of keys) world.events[isAccepted ? 'accepted' : 'refused'](key);
  return answer;
}

/** Sends a request of the admin API, with a JSON body if one is given. */
export function rest({ oci }: Client, method: string, path: string, body?: unknown): Promise<OciResponse> {
  if (body === undefined) return oci.request(method, path);
  return oci.request(method, path, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
}
