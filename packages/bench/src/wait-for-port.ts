import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const attempts = 200;
const pauseMs = 50;

/** Resolves once something listens; throws after ten seconds. */
export async function waitForPort(host: string, port: number): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (await answers(host, port)) return;
    await sleep(pauseMs);
  }
  throw new Error(`Nothing listens on ${host}:${port}`);
}

async function answers(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  const open = await promise;
  socket.destroy();
  return open;
}
