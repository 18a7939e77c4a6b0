import type { AuditEventType } from '@mcr/core';
import { createOciClient, type OciClient, type OciResponse, type TestRegistry } from '@mcr/testkit';
import { eventKey } from '../model/event-counts.ts';
import type { Ledger, Settle } from '../model/ledger.ts';
import type { Random } from '../random.ts';
import type { Phase, World } from './world.ts';

/** Calls a method, such as `AdminService/Health`, with a message as JSON. */
export type Rpc = (method: string, message: unknown) => Promise<OciResponse>;

/** How clients reach a registry. */
export interface Connection {
  readonly world: World;
  readonly oci: OciClient;
  readonly rpc: Rpc;
  /** The same registry for an account that the policy rules of clients keep out. */
  readonly outsider: { readonly oci: OciClient; readonly id: string };
}

/** One client, at work in one repository. */
export interface Client extends Connection {
  readonly random: Random;
  readonly ledger: Ledger;
  /** Whether another client has deleted the repository since this one began what it is doing; never, if it is its own. */
  readonly disturbed: () => boolean;
}

/** Connects an administrator, and an outsider, to a registry. */
export async function connect(
  registry: Pick<TestRegistry, 'client' | 'grpcUrl' | 'ca'>,
  world: World,
): Promise<Connection> {
  const oci = registry.client();
  const { token } = await oci.token();
  const account = { username: 'outsider', password: 'the password of the outsider' };
  const created = await request(oci, 'POST', '/v1/accounts', account);
  if (created.status !== 201) throw new Error(`The outsider got no account: ${created.text()}`);
  const outsider = registry.client(account);
  await outsider.token();
  return { world, oci, rpc: rpcOf(registry, token), outsider: { oci: outsider, id: created.json().id } };
}

/** Calls with an administrator's token, each over a connection of its own. */
function rpcOf({ grpcUrl, ca }: Pick<TestRegistry, 'grpcUrl' | 'ca'>, token: string): Rpc {
  return async (method, message) => {
    await using client = createOciClient({ baseUrl: grpcUrl, ca, token });
    return await request(client, 'POST', `/mcr.v1.${method}`, message);
  };
}

/** A client that begins something now, and makes its decisions by `random`. */
export function clientOf(connection: Connection, ledger: Ledger, random: Random): Client {
  const { world, oci, rpc, outsider } = connection;
  const disturbed = ledger.isShared ? world.deletions.watch(ledger.repository) : () => false;
  return { world, oci, rpc, outsider, ledger, random, disturbed };
}

/** A change that leaves events in the audit log, and the status that acknowledges it. */
export interface Change {
  readonly phase: Phase;
  readonly events: readonly AuditEventType[];
  readonly acknowledgment: number;
}

/** Sends a request that changes something; keeps the ledger, and count of the events that it must leave. */
export async function change(
  { world, ledger: { repository } }: Client,
  { phase, events, acknowledgment }: Change,
  settle: Settle,
  send: () => Promise<OciResponse>,
): Promise<OciResponse> {
  const keys = events.map((event) => eventKey(event, event.startsWith('policy_') ? '' : repository));
  for (const key of keys) world.events.sent(key);
  const response = await world.request(phase, send);
  const isAccepted = response.status === acknowledgment;
  settle(isAccepted);
  for (const key of keys) world.events[isAccepted ? 'accepted' : 'rejected'](key);
  return response;
}

/** Sends a request of the admin API, with a JSON body if one is given. */
export function rest({ oci }: Pick<Client, 'oci'>, method: string, path: string, body?: unknown): Promise<OciResponse> {
  return request(oci, method, path, body);
}

function request(oci: OciClient, method: string, path: string, body: unknown): Promise<OciResponse> {
  if (body === undefined) return oci.request(method, path);
  const headers = { 'content-type': 'application/json' };
  return oci.request(method, path, { body: JSON.stringify(body), headers });
}
