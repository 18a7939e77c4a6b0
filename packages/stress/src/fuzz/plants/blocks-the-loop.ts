import { Server } from 'node:https';

/** Work and not time, since a busy machine does little work in a given time. */
const workUs = 4_500_000;
const worked = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

/** Loaded before the server: works for seconds at the first query of many parameters, as code does that is quadratic. */
const emit = Reflect.get(Server.prototype, 'emit');
let left = workUs;
Server.prototype.emit = function (event: string | symbol, ...values: unknown[]): boolean {
  const { url = '' } = (values[0] ?? {}) as { url?: string };
  if (event === 'request' && url.split('&').length > 400) {
    for (const end = worked() + left; worked() < end; );
    left = 0;
  }
  return Reflect.apply(emit, this, [event, ...values]);
};
