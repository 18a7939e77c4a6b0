import { Server } from 'node:https';

const blockMs = 4_000;

/** Loaded before the server: takes seconds for a query of a thousand parameters, as code does that is quadratic. */
const emit = Reflect.get(Server.prototype, 'emit');
Server.prototype.emit = function (event: string | symbol, ...values: unknown[]): boolean {
  const { url = '' } = (values[0] ?? {}) as { url?: string };
  const end = performance.now() + (event === 'request' && url.split('&').length > 900 ? blockMs : 0);
  while (performance.now() < end);
  return Reflect.apply(emit, this, [event, ...values]);
};
