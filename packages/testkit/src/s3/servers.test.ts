import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../processes.ts';
import { requireS3Server } from './presence.ts';

/** Whether something listens there. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== undefined)).once('error', () => resolve(false));
  });
}

test.skipIf(!requireS3Server('versitygw'))(
  'a server ends, and its files go, with a process that is killed',
  async () => {
    const script = `
    import { startS3Server } from '${import.meta.resolve('./servers.ts')}';
    const { endpoint, directory } = await startS3Server('versitygw');
    process.stdout.write(JSON.stringify({ port: Number(new URL(endpoint).port), directory }), () => {
      process.kill(process.pid, 'SIGKILL');
    });`;
    const { signal, stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
    expect(signal).toBe('SIGKILL');
    const { port, directory } = JSON.parse(stdout) as { readonly port: number; readonly directory: string };
    await expect.poll(() => isListening(port), { timeout: 20_000 }).toBe(false);
    await expect.poll(() => existsSync(dirname(dirname(directory))), { timeout: 20_000 }).toBe(false);
  },
);
