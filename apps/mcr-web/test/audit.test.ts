import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const id = '018f3d0c-1111-7222-8333-444455556666';
const asked: { actor?: string | undefined; pageToken: string; pageSize: number }[] = [];
let isEmpty = false;
let moreAccounts = '';
/** One push of an image, newest first; undefined: logins. */
let push: readonly object[] | undefined;
const responses: Responses = {
  admin: { listAccounts: () => ({ accounts: [{ id: 'id-7', username: 'ci' }], nextPageToken: moreAccounts }) },
  audit: {
    listAuditEvents: (request) => {
      asked.push(request);
      if (request.actor?.startsWith('nobody'))
        throw new ConnectError(`unknown account "${request.actor}"`, Code.NotFound);
      if (isEmpty) return {};
      if (push !== undefined) return { events: [...push] };
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
  moreAccounts = '';
  push = undefined;
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

test('accounts are a menu, unless there are more than it holds: then a name is typed', async () => {
  expect((await stage.admin.get('/audit')).body).toContain('<option value="id-7"');
  moreAccounts = 'ci';
  const { body } = await stage.admin.get('/audit?actor=zoe');
  expect(body).not.toContain('<option value="id-7"');
  expect(body).toMatch(/name="actor" value="zoe"/);
});

test('a reference is the tag of a repository, or a digest', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const { body } = await stage.admin.get('/audit?type=manifest_pulled&repository=team/app&reference=1.0');
  expect(asked).toMatchObject([{ repository: 'team/app', tag: '1.0' }]);
  expect(body).toContain('mcrctl audit list --type manifest_pulled --repository team/app --tag 1.0<');
  expect((await stage.admin.get(`/audit?reference=${digest}`)).body).toContain(`mcrctl audit list --digest ${digest}<`);
  expect(asked[1]).toMatchObject({ digest });
  for (const [query, problem] of [
    ['reference=1.0', 'Give the repository as well'],
    ['reference=sha256:abc', 'Give the whole digest'],
    ['repository=team/app&reference=%3Cscript%3E', 'Give a tag, or a digest'],
  ]) {
    const wrong = await stage.admin.get(`/audit?${query}`);
    expect([wrong.status, wrong.body]).toEqual([404, expect.stringContaining(`role="alert">${problem}`)]);
    expect(wrong.body).not.toContain('<script>');
  }
  expect(asked).toHaveLength(2);
});

test('a pull links to all events of the tag that it was made by', async () => {
  push = [
    { id: 2n, eventType: 'manifest_pulled', repository: 'team/app', details: { reference: '1.0' } },
    {
      id: 1n,
      eventType: 'manifest_pulled',
      repository: 'team/app',
      details: { reference: `sha256:${'a'.repeat(64)}` },
    },
  ];
  const { body } = await stage.admin.get('/audit?type=manifest_pulled');
  const links = body.match(/href="[^"]*reference=[^"]*"/g)?.filter((link) => link.includes('"/audit?'));
  expect(links).toEqual(['href="/audit?type=manifest_pulled&amp;repository=team%2Fapp&amp;reference=1.0"']);
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

test('the export as JSON lines has every page, and the fields of the API', async () => {
  const { headers, body } = await stage.admin.get('/audit.jsonl?type=login');
  expect(asked.map(({ pageToken }) => pageToken)).toEqual(['', '2', '3']);
  expect(headers).toMatchObject({
    'content-type': 'application/jsonl; charset=utf-8',
    'content-disposition': 'attachment; filename="audit.jsonl"',
  });
  const events = body.trimEnd().split('\n');
  expect(events.map((line) => JSON.parse(line) as unknown)).toMatchObject(
    [1, 2, 3].map((one) => ({ id: one, event_type: 'login', details: {} })),
  );
});

test('both exports are linked with the filter, and without the page', async () => {
  const { body } = await stage.admin.get('/audit?type=login&page=2');
  for (const file of ['audit.csv', 'audit.jsonl']) expect(body).toContain(`href="/${file}?type=login"`);
});

test('a push is one row, whose blobs and manifests are folded', async () => {
  const at = timestampFromMs(Date.parse('2026-11-23T12:00:00Z'));
  const actor = { id: 'id-7', name: 'ci', ip: '192.0.2.7' };
  const blob = { eventType: 'blob_uploaded', details: { size: '2048' } };
  const parts = [
    { eventType: 'manifest_pushed', details: { tag: '1.0', media_type: 'application/vnd.oci.image.index.v1+json' } },
    { eventType: 'manifest_pushed', details: {} },
    blob,
    { ...blob, digest: `sha256:${'b'.repeat(64)}"><script>` },
  ];
  push = parts.map((part, index) => ({ id: BigInt(9 - index), at, actor, repository: 'team/app', ...part }));
  const { body } = await stage.admin.get('/audit');
  expect(body.match(/<li class="ev/g)).toHaveLength(1);
  expect(body).toContain('with 2 blobs and 1 manifest, 4 KiB</summary>');
  expect(body).not.toContain('"><script>');
});
