import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pollOptions } from '../_util/poll-options.ts';
import { createDelegationWorld, type DelegationWorld, succeeded } from './_world.ts';

let world: DelegationWorld;
beforeAll(async () => {
  world = await createDelegationWorld();
  const open = { priority: 6, effect: 'allow', account_types: ['human'], actions: ['registry:pull'] };
  succeeded(await world.as.admin.post('/v1/policy/rules', { ...open, repositories: ['**'] }), 201);
  for (const name of ['team-x/app', 'team-y/app']) {
    expect((await world.client('carl').request('GET', `/v2/${name}/manifests/v1`)).status).toBe(200);
    await vi.waitFor(async () => expect(await read('admin', name)).toEqual(all), pollOptions);
  }
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** The names that lists and the image's own page say, where all of them are told. */
const all = ['carl', 'carl', 'carl'];
const none = [undefined, undefined, undefined];

/** Who pulled `v1`, by its tag, by the list, and by the image itself; each of them says when. */
async function read(who: 'admin' | 'ann' | 'bob' | 'carl', name: string): Promise<unknown[]> {
  const { tags } = succeeded(await world.as[who].get(`/v1/repositories/${name}/tags?details=true`));
  const { details } = tags[0];
  const image = succeeded(await world.as[who].get(`/v1/repositories/${name}/manifests/v1:inspect`));
  expect([typeof details.image_pulled_at, typeof image.last_pulled_at]).toEqual(['string', 'string']);
  return [details.last_pulled_by, details.image_pulled_by, image.last_pulled_by];
}

describe('who pulled last', () => {
  test('is told to delegates for the repositories of their delegations, and to no one else', async () => {
    expect(await read('ann', 'team-x/app')).toEqual(all);
    expect(await read('ann', 'team-y/app')).toEqual(none);
    expect(await read('bob', 'team-x/app')).toEqual(none);
    expect(await read('carl', 'team-x/app')).toEqual(none);
  });

  test('is not told with a token for certain repositories, whatever its owner is a delegate for', async () => {
    const grant = { name: 'ci', actions: ['registry:pull'], scope: 'admin:read', repositories: ['team-x/**'] };
    const { secret } = succeeded(await world.as.ann.post('/v1/tokens', grant), 201);
    const authorization = `Bearer ${secret}`;
    const response = await world
      .client('ann')
      .request('GET', '/v1/repositories/team-x/app/tags?details=true', { authorization });
    expect(response.status).toBe(200);
    expect(response.json().tags[0].details).not.toHaveProperty('last_pulled_by');
  });

  test('is no longer told once the delegation is taken away', async () => {
    succeeded(await world.as.admin.delete(`/v1/delegations/${world.delegations.ann}`));
    expect(await read('ann', 'team-x/app')).toEqual(none);
  });
});
