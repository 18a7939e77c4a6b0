import { create, toJsonString } from '@bufbuild/protobuf';
import { createOciClient } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leavingNothing } from '../_util/traces.ts';
import { restRows } from '../access/_rest-rows.ts';
import type { HttpRequest, RpcRequest } from '../access/_rows.ts';
import { rpcRows } from '../access/_rpc-rows.ts';
import { createWorld, type World } from '../access/_world.ts';

const cleanup = new AsyncDisposableStack();
let world: World;
beforeAll(async () => {
  world = cleanup.use(await createWorld());
});
afterAll(() => cleanup[Symbol.asyncDispose]());

/** Methods that read cannot be made to write by a field. */
const rpcWrites = rpcRows.filter(({ title, needs }) => needs === 'admin' && !/\/(?:Get|List|Plan|Explain)/.test(title));
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

describe('CVE-2019-16097: a field that a request does not have is rejected, and nothing of it happens', () => {
  test.each(writes.map((row) => ({ row, title: [row.title, row.note].filter(Boolean).join(', ') })))(
    '$title',
    async ({ row }) => {
      const { services } = world.server.context;
      const admin = world.callers.find(({ name }) => name === 'admin')!;
      const request = (await row.forms[0]!(world, 'own/app', admin)) as HttpRequest;
      if (request.body === undefined && !row.title.endsWith('/gc')) return;
      const inner = (request.body ?? '{}').slice(1, -1);
      for (const extra of extras) {
        const version = await services.store.coordination.versions();
        await leavingNothing(world.server, async () => {
          const response = await world.server.admin.request(request.method, request.path, {
            headers: { 'content-type': 'application/json' },
            body: `{${[extra, inner].filter(Boolean).join(',')}}`,
          });
          expect(response.status, `${extra}: ${response.text()}`).toBe(400);
        });
        expect(await services.store.coordination.versions(), extra).toEqual(version);
      }
    },
  );

  test.each(rpcWrites)('$title', async (row) => {
    const admin = world.callers.find(({ name }) => name === 'admin')!;
    const { method, input } = (await row.forms[0]!(world, 'own/app', admin)) as RpcRequest;
    const inner = toJsonString(method.input, create(method.input, input)).slice(1, -1);
    const { token } = await world.server.admin.token();
    const baseUrl = `https://localhost:${world.server.grpcPort}`;
    await using client = createOciClient({ baseUrl, ca: world.server.ca, token });
    const send = (...fields: string[]) =>
      client.request('POST', `/${row.title}`, {
        headers: { 'content-type': 'application/json' },
        body: `{${fields.filter(Boolean).join(',')}}`,
      });
    for (const extra of extras) {
      const version = await world.server.context.services.store.coordination.versions();
      await leavingNothing(world.server, async () => {
        const response = await send(extra, inner);
        expect(response.status, `${extra}: ${response.text()}`).toBe(400);
      });
      expect(await world.server.context.services.store.coordination.versions(), extra).toEqual(version);
    }
    const response = await send(inner);
    expect(response.status, response.text()).toBe(200);
    await world.server.context.services.collector.finished();
  });
});
