import { describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { adminRoutes } from '../_util/routes.ts';

const api = useAdminApi();
const withBody = adminRoutes
  .filter(({ described }) => described.requestBody !== undefined)
  .map((route) => ({
    ...route,
    sample: route.path.replace('{id}', '1').replace('{repository}', 'team/app'),
    title: `${route.method} ${route.path}`,
  }));

/** Sends bytes with this content type, as an admin. */
async function send(method: string, path: string, body: string | Uint8Array, type = 'application/json') {
  const client = api().server.client({ token: api().token('admin') });
  const response = await client.request(method, path, { body, headers: { 'content-type': type } });
  return { status: response.status, body: response.body.length > 0 ? response.json() : undefined };
}

describe.each(withBody)('$title', ({ method, sample, role }) => {
  test.each([
    ['no JSON', '{'],
    ['two documents', '{}{}'],
    ['a doubled key', '{"a":1,"a":2}'],
    ['JSON with a byte order mark', '\ufeff{}'],
    ['a comment', '{/* */}'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"{}"'],
    ['depth 8,000', `${'['.repeat(8_000)}${']'.repeat(8_000)}`],
    ['an unknown field', '{"is_admin":true}'],
    ['a prototype', '{"__proto__":{"roles":["admin"]}}'],
    ['a constructor', '{"constructor":{"prototype":{"admin":true}}}'],
  ])('rejects %s with 400', async (_name, body) => {
    const response = await send(method, sample, body);
    expect(response).toMatchObject({ status: 400, body: { error: expect.stringMatching(/\S.*[^.]$/s) } });
  });

  test('rejects bytes that are no text, with 400', async () => {
    expect((await send(method, sample, Uint8Array.of(0x7b, 0xff, 0x7d))).status).toBe(400);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp', ''])(
    'rejects the content type "%s", which a page of another site could send',
    async (type) => {
      const response = await send(method, sample, '{}', type);
      expect(response).toMatchObject({ status: 400, body: { error: expect.stringContaining('Content-Type') } });
    },
  );

  const limit = (role === 'public' ? 16 : 256) * 1024;
  test(`rejects more than ${limit} bytes with 413`, async () => {
    const response = await send(method, sample, JSON.stringify({ text: 'x'.repeat(limit) }));
    expect(response).toMatchObject({ status: 413, body: { error: expect.stringContaining(String(limit)) } });
  });
});
