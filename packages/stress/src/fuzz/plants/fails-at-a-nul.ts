import type { ServerResponse } from 'node:http';
import { Server } from 'node:https';

/** Loaded before the server: makes it fail at a NUL in a query. */
const emit = Reflect.get(Server.prototype, 'emit');
Server.prototype.emit = function (event: string | symbol, ...values: unknown[]): boolean {
  const [incoming, outgoing] = values as [{ url?: string } | undefined, ServerResponse];
  if (event !== 'request' || !/\?.*%00/.test(incoming?.url ?? '')) return Reflect.apply(emit, this, [event, ...values]);
  outgoing.writeHead(500, { 'Content-Length': 0 }).end();
  return true;
};
