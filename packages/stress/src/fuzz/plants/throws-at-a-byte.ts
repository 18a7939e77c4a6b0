import { Server } from 'node:https';

/** Loaded before the server: makes it throw, outside of all handlers, at a byte that no ASCII text has. */
const emit = Reflect.get(Server.prototype, 'emit');
Server.prototype.emit = function (event: string | symbol, ...values: unknown[]): boolean {
  const { headers = {} } = (values[0] ?? {}) as { headers?: Record<string, unknown> };
  if (event === 'request' && /[\u0080-\u00ff]/.test(Object.values(headers).join(' '))) {
    setImmediate(() => {
      throw new Error('planted');
    });
  }
  return Reflect.apply(emit, this, [event, ...values]);
};
