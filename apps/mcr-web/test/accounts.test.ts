import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const account = { id: 'id-7', username: 'ci', accountType: 'system', roles: ['user'], enabled: false };
const sent: unknown[] = [];
const short = () => new ConnectError('A password has 8 to 256 characters', Code.InvalidArgument);
const responses: Responses = {
  admin: {
    listAccounts: ({ pageToken }) => ({ accounts: [account], nextPageToken: pageToken === '' ? 'two' : '' }),
    createAccount: (request) => {
      sent.push(request);
      if (request.username === 'ci') throw new ConnectError('There is an account ci already', Code.AlreadyExists);
      if (request.password.length < 8) throw short();
      return { account };
    },
    updateAccount: (request) => {
      sent.push(request);
      if (request.password !== undefined && request.password.length < 8) throw short();
      if (request.roles?.values.includes('Upper')) throw new ConnectError('A role is of a-z', Code.InvalidArgument);
      return { account: { ...account, ...(request.roles && { roles: request.roles.values }) } };
    },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  sent.length = 0;
});

describe('a new account', () => {
  test('is created', async () => {
    const fields = { username: 'grace', account_type: 'human', roles: 'user, deploy', password: 'long enough' };
    expect(await stage.admin.post('/accounts', fields)).toMatchObject({
      status: 303,
      headers: { location: '/accounts' },
    });
    expect(sent).toMatchObject([{ username: 'grace', roles: ['user', 'deploy'], password: 'long enough' }]);
  });

  test('of a program needs no password, and leads to the tokens that it logs in with', async () => {
    const fields = { username: 'robot', account_type: 'system', roles: '', password: '' };
    expect(await stage.admin.post('/accounts', fields)).toMatchObject({
      status: 303,
      headers: { location: '/tokens?account=robot' },
    });
    expect(sent).toMatchObject([{ username: 'robot', password: expect.stringMatching(/^[\w-]{43}$/) }]);
    const { body } = await stage.admin.get('/tokens?account=robot');
    expect(body).toContain('Created the account robot. It logs in with a token: create one here.');
    expect(body).toContain('name="account" value="robot"');
    expect(body).toContain('action="/tokens?account=robot"');
  });

  test('of a person needs a password', async () => {
    const fields = { username: 'grace', account_type: 'human', roles: '', password: '' };
    expect((await stage.admin.post('/accounts', fields)).status).toBe(422);
  });

  test.each([
    ['ci', 'long enough', 'There is an account ci already.'],
    ['other', 'pw-1', 'A password has 8 to 256 characters.'],
  ])(
    '%s with the password %j is rejected in the form, which keeps all but the password',
    async (username, password, words) => {
      const fields = { username, account_type: 'system', roles: 'user, deploy', password };
      const { status, body } = await stage.admin.post('/accounts', fields);
      expect(status).toBe(422);
      expect(body).toContain(`<p class="problem" role="alert">${words}</p>`);
      expect(body).toContain(`name="username" value="${username}"`);
      expect(body).toContain('name="roles" value="user, deploy"');
      expect(body).toContain('<option value="system" selected>');
      expect(body).not.toContain(password);
    },
  );
});

describe('on the second page', () => {
  const page = '/accounts?page=two';

  test('a password is reset, and the page stays', async () => {
    const { body } = await stage.admin.get(`${page}&reset=id-7`);
    expect(body).toContain('action="/accounts/id-7/password?page=two"');
    expect(body).toContain('mcrctl account passwd ci<');
    const response = await stage.admin.post('/accounts/id-7/password?page=two', { password: 'long enough' });
    expect(response).toMatchObject({ status: 303, headers: { location: page } });
    expect(sent).toMatchObject([{ id: 'id-7', password: 'long enough' }]);
    expect((await stage.admin.get(page)).body).toContain('Changed the password of ci.');
  });

  test('a password that is too short is rejected in its row', async () => {
    const { status, body } = await stage.admin.post('/accounts/id-7/password?page=two', { password: 'short' });
    expect(status).toBe(422);
    expect(body).toContain('New password of ci');
    expect(body).toContain('role="alert">A password has 8 to 256 characters.<');
  });

  test('roles are changed, and the page stays', async () => {
    const { body } = await stage.admin.get(`${page}&roles=id-7`);
    expect(body).toContain('action="/accounts/id-7/roles?page=two"');
    expect(body).toContain('name="roles" value="user"');
    expect(body).toContain('mcrctl account update ci --role user<');
    const response = await stage.admin.post('/accounts/id-7/roles?page=two', { roles: 'deploy, release' });
    expect(response).toMatchObject({ status: 303, headers: { location: page } });
    expect(sent).toMatchObject([{ id: 'id-7', roles: { values: ['deploy', 'release'] } }]);
    expect((await stage.admin.get(page)).body).toContain('ci has the roles deploy, release.');
  });

  test('invalid roles are rejected in their row, which keeps them', async () => {
    const { status, body } = await stage.admin.post('/accounts/id-7/roles?page=two', { roles: 'Upper' });
    expect(status).toBe(422);
    expect(body).toContain('role="alert">A role is of a-z.<');
    expect(body).toContain('name="roles" value="Upper"');
  });

  test('an account is enabled', async () => {
    expect((await stage.admin.get(page)).body).toContain('aria-label="Enable ci"');
    const response = await stage.admin.post('/accounts/id-7/enabled?page=two', { enabled: 'true' });
    expect(response).toMatchObject({ status: 303, headers: { location: page } });
    expect(sent).toMatchObject([{ id: 'id-7', enabled: true }]);
  });
});

test('with another identity provider the page says who manages the accounts', async () => {
  const listAccounts = () => {
    throw new ConnectError('This needs auth.provider = "local"', Code.Unimplemented);
  };
  await using other = await startStage({ admin: { listAccounts } });
  const { status, body } = await other.admin.get('/accounts');
  expect(status).toBe(200);
  expect(body).toContain('Accounts are managed by MCIAS');
  expect(body).not.toContain('New account');
});
