import type { AuditEventType } from '@mcr/core';
import type { OciClient, OciResponse } from '@mcr/testkit';
import type { Random } from '../../gc/fire/random.ts';
import { eventKey } from '../ledger/event-counts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Phase, World } from './world.ts';

/** One client, which alone writes to its repository and so knows what is in it. */
export interface Client {
  readonly world: World;
  readonly random: Random;
  readonly oci: OciClient;
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
export async function change(
  { world, ledger: { repository } }: Client,
  { phase, event, acknowledgment }: Change,
  send: () => Promise<OciResponse>,
): Promise<OciResponse> {
  const key = eventKey(event, event.startsWith('policy_') ? '' : repository);
  world.events.sent(key);
  const answer = await world.request(phase, send);
  if (answer.status === acknowledgment) world.events.accepted(key);
  else world.events.refused(key);
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
