import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Stage, startStage } from './_util/stage.ts';
import type { Visitor } from './_util/visitor.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    registry: {
      listRepositories: (_request, { requestHeader }) => {
        const isGuest = requestHeader.get('authorization') === 'Bearer mcr-guest';
        if (isGuest && stage.registry.people['mcr-guest'] === undefined)
          throw new ConnectError('The token is not valid', Code.Unauthenticated);
        return { repositories: [{ name: isGuest ? 'public/app' : 'secret/app' }] };
      },
    },
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('where a rule lets guests pull', () => {
  let guest: Visitor;
  beforeEach(() => {
    stage.registry.people['mcr-guest'] = [];
    stage.registry.calls.length = 0;
    guest = stage.stranger;
  });

  test('a visitor sees the list that the registry has for guests, and a way to sign in', async () => {
    const { status, body } = await guest.get('/repositories');
    expect(status).toBe(200);
    expect(body).toContain('public');
    expect(body).not.toContain('secret');
    expect(body).toContain('href="/login?next=%2Frepositories"');
    for (const path of ['/me', '/logout', '/audit', '/policies']) expect(body).not.toContain(`"${path}"`);
  });

  test('the front page leads to the list', async () => {
    expect((await guest.get('/')).headers.location).toBe('/repositories');
  });

  test.each(['/me', '/audit', '/policies', '/storage', '/accounts', '/delete-tags/public/app'])(
    '%s asks to sign in, and not the registry',
    async (path) => {
      const { status, headers } = await guest.get(path);
      expect([status, headers.location]).toEqual([303, `/login?next=${encodeURIComponent(path)}`]);
      expect(stage.registry.calls).toEqual([]);
    },
  );

  test('no form of a guest changes anything, and signing in is asked for', async () => {
    await guest.get('/repositories');
    const { status, body } = await guest.post('/repositories/public/app', { description: 'mine' });
    expect([status, body]).toEqual([401, expect.stringContaining('action="/login"')]);
    expect(stage.registry.calls).not.toContain('UpdateRepository');
  });

  test('the colors can be chosen on a page for guests', async () => {
    await guest.get('/repositories');
    expect((await guest.post('/theme', { theme: 'dark', next: '/repositories' })).headers.location).toBe(
      '/repositories',
    );
  });

  test('who has signed in sees their own list', async () => {
    expect((await stage.grace.get('/repositories')).body).toContain('secret');
  });
});

test.each(['/', '/repositories', '/repositories/secret/app'])(
  'where no rule lets guests pull, %s leads to the login page and back',
  async (path) => {
    delete stage.registry.people['mcr-guest'];
    const login = path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`;
    expect((await stage.stranger.get(path)).headers.location).toBe(login);
  },
);
