import { html } from 'hono/html';
import { expect, test } from 'vitest';
import { drawnOnce } from './drawn-once.ts';

test('what depends on one message is drawn once for each', async () => {
  let times = 0;
  const draw = drawnOnce(({ name }: { readonly name: string }) => html`${name}${(times += 1)}`);
  const [one, other] = [{ name: 'a' }, { name: 'a' }];
  const texts = await Promise.all([one, one, other].map(draw));
  expect(texts.map((text) => text.toString())).toEqual(['a1', 'a1', 'a2']);
});
