import { request } from 'node:https';
import { availableParallelism } from 'node:os';
import { hashesAtOnce, hashingSlots } from '@mcr/auth';
import { expect, test } from 'vitest';
import { type TestServer, testPassword } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const pollOptions = { timeout: 20_000 };

/** As many as may wait of one address, and some more. */
const flood = Array.from({ length: 40 }, (_, n) => `stranger-${n}`);

interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

/** A login from one of the addresses of this machine; `end` breaks the connection. */
function login({ port, ca }: TestServer, localAddress: string, username: string, password = 'not the password') {
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  const options = { host: '127.0.0.1', port, ca, localAddress, headers, path: '/v2/token', servername: 'localhost' };
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const sent = request({ ...options, agent: false }, (response) => {
    response.resume();
    response.on('end', () => {
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
    });
  });
  sent.on('error', reject);
  sent.end();
  return { reply: promise, end: () => sent.destroy() };
}

/** Takes every slot, as long hashes would, until it is disposed. */
function occupied(): Disposable {
  const gate = Promise.withResolvers<void>();
  const slots = Array.from({ length: hashesAtOnce(availableParallelism()) });
  for (const _ of slots) void hashingSlots.run(() => gate.promise, { address: 'test' });
  return { [Symbol.dispose]: () => gate.resolve() };
}

test('a flood of logins from one address neither delays nor shuts out a login from another', async () => {
  const done: string[] = [];
  const noting = async (name: string, reply: Promise<Reply>) => {
    const { status, retryAfter } = await reply;
    done.push(name);
    return { status, retryAfter };
  };
  using held = occupied();
  const strangers = flood.map((name) => noting('flood', login(server(), '127.0.0.2', name).reply));
  await expect.poll(() => done.length, pollOptions).toBe(8);
  expect(await Promise.race(strangers)).toEqual({ status: 429, retryAfter: '2' });
  const own = noting('own', login(server(), '127.0.0.3', 'admin', testPassword).reply);
  await expect.poll(() => hashingSlots.waiting, pollOptions).toBe(33);
  held[Symbol.dispose]();
  expect(await own).toMatchObject({ status: 200 });
  // Its turn is the second one; responses overtake each other by what runs concurrently.
  expect(done.indexOf('own')).toBeLessThan(8 + 3 * hashesAtOnce(availableParallelism()));
  const replies = await Promise.all(strangers);
  expect(replies.filter(({ status }) => status === 401)).toHaveLength(32);
});

test('a client that gives up leaves the queue', async () => {
  using _held = occupied();
  const impatient = login(server(), '127.0.0.4', 'grace');
  impatient.reply.catch(() => {});
  await expect.poll(() => hashingSlots.waiting, pollOptions).toBe(1);
  impatient.end();
  await expect.poll(() => hashingSlots.waiting, pollOptions).toBe(0);
});
