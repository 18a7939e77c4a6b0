import { buildImage, pushImage } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { ask } from '../test/_util/ask.ts';
import { visit } from '../test/_util/visitor.ts';
import { startStack } from './_util/stack.ts';

const maxBytes = 200_000;
const maxScript = 20_000;
/** As many as a page of the list has. */
const tags = Array.from({ length: 25 }, (_, at) =>
  `${String(at).padStart(2, '0')}${'deadbeef'.repeat(5)}`.slice(0, 40),
);

test('the fullest page is 200 KB in all, fonts aside, and our script 20 KB', async () => {
  await using stack = await startStack();
  const client = stack.registry.client();
  // Tags of one image would share a row.
  for (const tag of tags) {
    await pushImage(client, 'team/app', tag, await buildImage({ layers: [{ size: 1_000, seed: tag }] }));
  }
  const web = { url: stack.url, ca: { caPem: stack.registry.ca } };
  const admin = visit(web);
  await admin.signIn('admin', stack.registry.adminPassword);
  const { body } = await admin.get('/repositories/team/app');
  expect(body.match(/<tr /g)).toHaveLength(1 + tags.length);
  const paths = [...new Set([...body.matchAll(/\/static\/[^"#]+/g)].map(([path]) => path))];
  const bytesOf = async (path: string) => {
    const { status, headers } = await ask(web, path, { headers: { 'accept-encoding': 'gzip' } });
    expect({ path, status }).toEqual({ path, status: 200 });
    return Number(headers['content-length']);
  };
  let sum = Buffer.byteLength(body);
  for (const path of paths.filter((one) => !one.endsWith('.woff2'))) sum += await bytesOf(path);
  expect(sum).toBeLessThanOrEqual(maxBytes);
  const own = paths.filter((path) => path.endsWith('.js') && !path.includes('/htmx.'));
  const scripts = await Promise.all(own.map(async (path) => (await ask(web, path)).body.length));
  expect(scripts.length).toBeGreaterThan(1);
  expect(scripts.reduce((a, b) => a + b)).toBeLessThanOrEqual(maxScript);
});
