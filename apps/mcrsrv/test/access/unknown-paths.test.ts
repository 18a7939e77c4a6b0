import { describe, expect, test } from 'vitest';
import { tokenFor } from '../_util/admin-api.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();

test.each(['/v1/search?q=app&n=25', '/v1/_ping'])(
  'GET %s of docker search, which never logs in, is 404 for all callers, with what to do instead',
  async (path) => {
    const token = await tokenFor(server(), 'admin');
    for (const authorization of [null, 'Bearer garbage', `Bearer ${token}`]) {
      const response = await server().admin.request('GET', path, { authorization });
      expect(response.status).toBe(404);
      expect(response.json().error).toContain('mcrctl repo list');
      expect(response.header('www-authenticate')).toBeUndefined();
    }
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await server().admin.request(method, path, { authorization: null })).status).toBe(401);
    }
  },
);

describe('CVE-2020-29662: a path that is no route', () => {
  test.each([
    '/',
    '/v1',
    '/v1/',
    '/v1/nothing',
    '/v1/Health',
    '/v2/x',
    '/v2/x/nothing',
    '/V2/',
    '/v2/_catalog/',
    '/v2/;x',
    '/v3',
    '/v3/',
    '/admin',
    '/metrics',
  ])('such as %s tells a stranger nothing, and says to others that there is nothing', async (path) => {
    const token = await tokenFor(server(), 'admin');
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const ask = (authorization: string | null) => server().admin.request(method, path, { authorization });
      expect((await ask(null)).status, method).toBe(401);
      expect((await ask('Bearer garbage')).status, method).toBe(401);
      expect((await ask(`Bearer ${token}`)).status, method).toBe(404);
    }
  });
});
