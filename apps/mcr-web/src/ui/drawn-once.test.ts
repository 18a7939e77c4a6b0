import { html } from 'hono/html';
import { expect, test } from 'vitest';
import { drawnOnce } from './drawn-once.ts';

test('what depends on one message is drawn once for each', async () => {
  let times = 0;
  const draw = drawnOnce(({ name }: { readonly name: string }) => html`${name}${(times += 1)}`);
  const [one, other] = [{ name: 'a' }, { name: 'a' }];
  const page = await html`${draw(one)} ${draw(one)} ${draw(other)}`;
  expect(page.toString()).toBe('a1 a1 a2');
});
