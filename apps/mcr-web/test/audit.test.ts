import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const id = '018f3d0c-1111-7222-8333-444455556666';
const asked: { actor?: string | undefined; pageToken: string; pageSize: number }[] = [];
let isEmpty = false;
const responses: Responses = {
  admin: { listAccounts: () => ({ accounts: [{ id: 'id-7', username: 'ci' }] }) },
  audit: {
    listAuditEvents: (request) => {
      asked.push(request);
      if (request.actor?.startsWith('nobody'))
        throw new ConnectError(`unknown account "${request.actor}"`, Code.NotFound);
      if (isEmpty) return {};
      const page = Number(request.pageToken || '1');
      return { events: [{ id: BigInt(page), eventType: 'login' }], nextPageToken: page < 3 ? String(page + 1) : '' };
    },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  isEmpty = false;
  asked.length = 0;
  stage.registry.calls.length = 0;
});

test('a filter is one round of calls, and a command with the same filter', async () => {
  const query = `type=login&actor=${id}&repository=team%2F%24x&from=2026-01-30&to=2026-01-31`;
  const { body } = await stage.admin.get(`/audit?${query}`);
  expect(stage.registry.calls.toSorted()).toEqual(['ListAccounts', 'ListAuditEvents']);
  expect(asked).toMatchObject([{ eventType: 'login', actor: id, repository: 'team/$x' }]);
  expect(body).toContain(
    `mcrctl audit list --type login --actor ${id} --repository &#39;team/$x&#39; --since 2026-01-30 --until 2026-02-01<`,
  );
});

test('an account is given by name or id, and an unknown name is reported at the filter', async () => {
  const { body } = await stage.admin.get('/audit?actor=ci');
  expect(asked).toMatchObject([{ actor: 'ci' }]);
  expect(body).toContain('<option value="id-7" selected>ci</option>');
  const unknown = await stage.admin.get('/audit?actor=nobody-like-it');
  expect(unknown.status).toBe(404);
  expect(unknown.body).toContain('role="alert">unknown account &quot;nobody-like-it&quot;.<');
  expect(unknown.body).toContain('name="actor" value="nobody-like-it"');
});

test('pages link to the next and the first, without empty fields', async () => {
  const { body } = await stage.admin.get('/audit?type=login&actor=&repository=&from=&to=');
  expect(body).toContain('rel="next" href="/audit?type=login&amp;page=2"');
  const last = await stage.admin.get('/audit?type=login&page=3');
  expect(last.body).toContain('href="/audit?type=login">First page</a>');
  expect(last.body).not.toContain('rel="next"');
});

test('an empty result is reported', async () => {
  isEmpty = true;
  expect((await stage.admin.get('/audit?type=logout')).body).toContain('No matching events');
});

test('the export has every page', async () => {
  const { body } = await stage.admin.get('/audit.csv?type=login');
  expect(asked.map(({ pageToken }) => pageToken)).toEqual(['', '2', '3']);
  expect(body.split('\r\n').map((line) => line.split(',')[0])).toEqual(['id', '1', '2', '3', '']);
});
