import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const signedInAt = timestampFromMs(Date.now() - 3 * 86_400_000);
const ann = { id: 'id-of-ann', provider: 'corp', subject: 'sub-of-ann', username: 'ann', roles: ['dev'], signedInAt };
const bob = { ...ann, id: 'id-of-bob', subject: 'sub-of-bob', username: 'bob', provider: 'gone', blocked: true };
/** A provider may use any text as its subject. */
const eve = { ...ann, id: 'id-of-eve', subject: '<b>\u202e', username: 'eve', roles: [] };
const sent: unknown[] = [];
const responses: Responses = {
  admin: {
    health: () => ({ status: 'ok', signInProviders: [{ name: 'corp', title: 'Acme' }] }),
    listIdentities: ({ pageToken }) =>
      pageToken === 'two' ? { identities: [eve] } : { identities: [ann, bob], nextPageToken: 'two' },
    updateIdentity: ({ id, blocked }) => {
      sent.push({ id, blocked });
      if (id === 'another') throw new ConnectError('There is no such person', Code.NotFound);
      return { identity: { ...ann, blocked } };
    },
    deleteIdentity: ({ id }) => {
      sent.push({ deleted: id });
      if (id === 'another') throw new ConnectError('There is no such person', Code.NotFound);
      return {};
    },
  },
  tokens: {
    listTokens: ({ account }) => ({ tokens: account === ann.id ? [{ name: 'laptop' }, { name: 'ci' }] : [] }),
  },
};
const list = '/accounts/people';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  sent.length = 0;
});

test('the list says who signs in where, when they last did, with which roles, and who is blocked', async () => {
  const { status, body } = await stage.admin.get(list);
  expect(status).toBe(200);
  for (const words of ['ann', 'Acme', 'dev', '3 days ago', 'mcrctl identity list']) expect(body).toContain(words);
  expect(body).toMatch(/bob<\/span> <span class="badge badge--warn">blocked/);
  expect(body).toMatch(/gone<span class="sub">not configured/);
  expect(body).toContain('aria-label="Block… ann"');
  expect(body).toContain('aria-label="Unblock… bob"');
  expect(body).toContain('href="/accounts/people?page=two"');
});

test('accounts and people are tabs of each other', async () => {
  expect((await stage.admin.get(list)).body).toContain('<a href="/accounts">Accounts</a>');
  expect((await stage.admin.get('/accounts')).body).toContain(`<a href="${list}">People from providers</a>`);
});

describe('a person', () => {
  test('is blocked after a page that says which tokens and sessions end', async () => {
    const { body } = await stage.admin.get(`${list}/${ann.id}/block?page=one`);
    for (const words of ['Block ann?', '2 access tokens (laptop, ci) are rejected', 'At Acme it is rejected'])
      expect(body).toContain(words);
    expect(body).toContain('mcrctl identity block ann');
    expect(sent).toEqual([]);
    const response = await stage.admin.post(`${list}/${ann.id}/block?page=one`);
    expect(response).toMatchObject({ status: 303, headers: { location: `${list}?page=one` } });
    expect(sent).toEqual([{ id: ann.id, blocked: true }]);
    expect((await stage.admin.get(list)).body).toContain(
      'ann is blocked: tokens and sign-ins are rejected from now on.',
    );
  });

  test('is unblocked', async () => {
    expect((await stage.admin.get(`${list}/${bob.id}/unblock`)).body).toContain('Sign-ins at gone are accepted again');
    expect(await stage.admin.post(`${list}/${bob.id}/unblock`)).toMatchObject({ status: 303 });
    expect(sent).toEqual([{ id: bob.id, blocked: false }]);
  });

  test('is deleted, with a warning that a blocked one could come back', async () => {
    expect((await stage.admin.get(`${list}/${ann.id}/delete`)).body).toContain('to keep the person out, block instead');
    expect((await stage.admin.get(`${list}/${bob.id}/delete`)).body).toContain('<b>a new one is not</b>');
    expect(await stage.admin.post(`${list}/${bob.id}/delete`)).toMatchObject({ status: 303 });
    expect(await stage.admin.post(`${list}/another/delete`), 'submitted twice').toMatchObject({ status: 303 });
    expect(sent).toEqual([{ deleted: bob.id }, { deleted: 'another' }]);
  });

  test('of a later page is found, and what a provider says about them is text', async () => {
    const { body } = await stage.admin.get(`${list}/${eve.id}/block?page=two`);
    expect(body).toContain('<bdi><code class="wrap">&lt;b&gt;\u202e</code></bdi>');
    expect(body).not.toContain('access token');
  });

  test.each(['block', 'unblock', 'delete'])('who does not exist has no page to %s', async (change) => {
    expect((await stage.admin.get(`${list}/another/${change}`)).status).toBe(404);
  });

  test('who was deleted meanwhile cannot be blocked, which is said', async () => {
    expect((await stage.admin.post(`${list}/another/block`)).status).toBe(404);
  });
});

test('admins are told when they are about to block themselves', async () => {
  const listIdentities = () => ({ identities: [{ ...ann, username: 'admin' }] });
  await using other = await startStage({ admin: { listIdentities } });
  expect((await other.admin.get(`${list}/${ann.id}/block`)).body).toContain('<b>This is you</b>');
  expect((await other.admin.get(`${list}/${ann.id}/unblock`)).body).not.toContain('This is you');
});

test('an empty list says how people come into it', async () => {
  await using none = await startStage();
  expect((await none.admin.get(list)).body).toContain('<code>[oidc.NAME]</code> in the configuration');
});

test('where MCIAS keeps the accounts, people of providers are there as well', async () => {
  const listAccounts = () => {
    throw new ConnectError('This needs auth.provider = "local"', Code.Unimplemented);
  };
  await using other = await startStage({ admin: { ...responses.admin, listAccounts } });
  expect((await other.admin.get('/accounts')).body).toContain(`<a href="${list}">`);
  expect((await other.admin.get(list)).body).toContain('ann');
});
