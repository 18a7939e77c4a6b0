// One thread of a crew: it carries out one order after the other.
import { parentPort } from 'node:worker_threads';
import { type Address, Connection } from './connection.ts';
import { expectStatus } from './push.ts';
import { openConnections, repeat } from './repeat.ts';

/** What a crew repeats. */
export interface CrewTask {
  readonly address: Address;
  /** The head of a request without a body, whose response is `status` (default: 200). */
  readonly head: string;
  readonly status?: number;
  readonly clients: number;
  /** Whether a client keeps its connection; it opens one for each request otherwise. */
  readonly keepAlive: boolean;
}

/** An order to a thread. */
export type Order =
  | ({ readonly verb: 'open' } & CrewTask)
  | { readonly verb: 'repeat'; readonly seconds: number }
  | { readonly verb: 'close' };

/** What the requests of an order transferred. */
export interface Transferred {
  readonly requests: number;
  readonly bodyBytes: number;
}

/** The result of an order. */
export type Report = Transferred | { readonly error: string };

type Ask = () => Promise<number>;

let kept: Disposable | undefined;
let clients: readonly Ask[] = [];

async function carryOut(order: Order): Promise<Transferred> {
  if (order.verb === 'open') await openClients(order);
  if (order.verb === 'close') kept?.[Symbol.dispose]();
  if (order.verb !== 'repeat') return { requests: 0, bodyBytes: 0 };
  let bodyBytes = 0;
  const requests = await repeat(clients, order.seconds, async (ask) => {
    const received = await ask();
    bodyBytes += received;
  });
  return { requests, bodyBytes };
}

async function openClients({ address, head, status = 200, clients: count, keepAlive }: CrewTask): Promise<void> {
  const connections = await openConnections(address, keepAlive ? count : 0);
  kept = connections;
  clients = keepAlive
    ? connections.map((connection) => () => bodyBytesOf(connection, head, status))
    : Array.from({ length: count }, () => () => once(address, head, status));
}

async function once(address: Address, head: string, status: number): Promise<number> {
  using connection = await Connection.open(address);
  return await bodyBytesOf(connection, head, status);
}

async function bodyBytesOf(connection: Connection, head: string, status: number): Promise<number> {
  return (await expectStatus(status, connection.send(head))).bodyBytes;
}

parentPort?.on('message', (order: Order) => {
  void carryOut(order)
    .catch((error): Report => ({ error: error instanceof Error ? error.message : String(error) }))
    .then((report) => parentPort?.postMessage(report));
});
