import { expect, test } from 'vitest';
import { type Visitor, visit } from '../test/_util/visitor.ts';
import { startStack } from './_util/stack.ts';

test('the registry throttles guesses by the address of the browser, as reported by the proxy in front of the web UI', async () => {
  await using stack = await startStack();
  const { registry, url } = stack;
  const login = async (visitor: Visitor, address: string, password: string) => {
    await visitor.get('/login');
    const fields = { username: 'admin', password, next: '/' };
    return await visitor.post('/login', fields, { 'x-forwarded-for': address });
  };
  const browser = () => visit({ url, ca: { caPem: registry.ca } });
  const stranger = browser();
  const guess = (at: number) => login(stranger, `198.51.100.${at}, 203.0.113.9`, `wrong ${at}`);
  for (let at = 0; at < 5; at += 1) expect(await guess(at)).toMatchObject({ status: 401 });
  // If a guess takes longer than the wait, which doubles, a later one is rejected.
  let rejected = await guess(5);
  for (let at = 6; at < 12 && rejected.status === 401; at += 1) rejected = await guess(at);
  expect(rejected.status).toBe(429);
  expect(rejected.body).toContain(`Too many attempts. Try again in ${rejected.headers['retry-after']} s.`);
  expect(await login(browser(), '192.0.2.1', registry.adminPassword)).toMatchObject({ status: 303 });
});
