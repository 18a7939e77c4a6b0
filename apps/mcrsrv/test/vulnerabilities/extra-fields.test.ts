import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leavingNothing } from '../_util/traces.ts';
import { restRows } from '../access/_rest-rows.ts';
import type { HttpRequest } from '../access/_rows.ts';
import { createWorld, type World } from '../access/_world.ts';

const cleanup = new AsyncDisposableStack();
let world: World;
beforeAll(async () => {
  world = cleanup.use(await createWorld());
});
afterAll(() => cleanup[Symbol.asyncDispose]());

const writes = restRows.filter(({ title }) => /^(?:POST|PATCH) /.test(title));
/** What a caller might hope to set on the way. */
const extras = [
  '"has_admin_role":true',
  '"is_admin":true',
  '"admin":true',
  '"id":"1"',
  '"passwordHash":"x"',
  '"__proto__":{"roles":["admin"]}',
  '"constructor":{"prototype":{"roles":["admin"]}}',
];

describe('CVE-2019-16097: a field that a request does not have is refused, and nothing of it happens', () => {
  test.each(writes.map((row) => ({ row, title: [row.title, row.note].filter(Boolean).join(', ') })))(
    '$title',
    async ({ row }) => {
      const { services } = world.server.context;
      const admin = world.callers.find(({ name }) => name === 'admin')!;
      const request = (await row.forms[0]!(world, 'own/app', admin)) as HttpRequest;
      if (request.body === undefined && !row.title.endsWith('/gc')) return;
      const inner = (request.body ?? '{}').slice(1, -1);
      for (const extra of extras) {
        const version = await services.store.versions();
        await leavingNothing(world.server, async () => {
          const answer = await world.server.admin.request(request.method, request.path, {
            headers: { 'content-type': 'application/json' },
            body: `{${[extra, inner].filter(Boolean).join(',')}}`,
          });
          expect(answer.status, `${extra}: ${answer.text()}`).toBe(400);
        });
        expect(await services.store.versions(), extra).toEqual(version);
      }
    },
  );
});
