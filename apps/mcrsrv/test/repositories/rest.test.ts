import { beforeAll, describe, expect, test } from 'vitest';
import { useDoors } from '../_util/doors.ts';
import { seedImage } from '../_util/images.ts';

const doors = useDoors();
const names = ['alone', 'deep/er/est', 'team/app', 'team/tool', 'x-1_2.3'];
const encoded = encodeURIComponent;

beforeAll(async () => {
  for (const name of names) await seedImage(doors().server, name, ['v1', 'v2']);
  await seedImage(doors().server, 'team/app', ['v3'], 'another');
});

describe('GET /v1/repositories', () => {
  test('lists repositories in numbers, by name', async () => {
    const { status, body } = await doors().rest('person').get('/v1/repositories');
    expect(status).toBe(200);
    expect(body.repositories.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(body.repositories[2]).toEqual({
      name: 'team/app',
      tag_count: 3,
      manifest_count: 2,
      total_size: expect.any(Number),
      created_at: expect.stringMatching(/Z$/),
      last_push_at: expect.stringMatching(/Z$/),
    });
  });

  test.each([1, 2, 5, 1000])('walks all pages of %i', async (n) => {
    const pages = await doors().rest('person').pages(`/v1/repositories?n=${n}`);
    expect(pages.flatMap(({ repositories }) => repositories.map(({ name }: { name: string }) => name))).toEqual(names);
    expect(pages).toHaveLength(Math.ceil(names.length / n));
  });

  test('finds parts of names, page by page', async () => {
    const pages = await doors().rest('person').pages('/v1/repositories?search=team/&n=1');
    expect(pages.map(({ repositories }) => repositories[0].name)).toEqual(['team/app', 'team/tool']);
    const none = await doors().rest('person').get('/v1/repositories?search=%25');
    expect(none.body).toEqual({ repositories: [] });
  });

  test('shows each caller only what it may pull, and nothing to one who may not list', async () => {
    const { server } = doors();
    expect((await doors().rest('machine').get('/v1/repositories')).status).toBe(403);
    const subject = await server.addAccount('reader', { type: 'system' });
    await server.addRule({ subject, actions: ['registry:catalog'] });
    await server.addRule({ subject, actions: ['registry:pull'], repositories: ['team/*'] });
    const reader = await server.client('reader').request('GET', '/v1/repositories');
    expect(reader.json().repositories.map(({ name }: { name: string }) => name)).toEqual(['team/app', 'team/tool']);
    const other = await server.client('reader').request('GET', '/v1/repositories/alone');
    const unknown = await server.client('reader').request('GET', '/v1/repositories/no-such');
    expect([other.status, unknown.status]).toEqual([403, 403]);
  });

  test('answers nothing for n=0', async () => {
    expect((await doors().rest('person').get('/v1/repositories?n=0')).body).toEqual({ repositories: [] });
  });

  test.each([
    ['a negative n', 'n=-1'],
    ['a broken n', 'n=1.5'],
    ['a word for n', 'n=x'],
    ['an empty n', 'n='],
    ['an n with an exponent', 'n=1e3'],
    ['n twice', 'n=1&n=2'],
    ['a cursor longer than any name', `last=${'x'.repeat(513)}`],
    ['a search for more than any name', `search=${'x'.repeat(256)}`],
  ])('refuses %s with 400', async (_name, query) => {
    const { status, body } = await doors().rest('person').get(`/v1/repositories?${query}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { error: expect.stringMatching(/\S/) } });
  });
});

describe('GET /v1/repositories/{name}', () => {
  test.each(names)('describes %s, raw and percent-encoded', async (name) => {
    const rest = doors().rest('person');
    const raw = await rest.get(`/v1/repositories/${name}`);
    expect(raw).toMatchObject({ status: 200, body: { name } });
    expect((await rest.get(`/v1/repositories/${encoded(name)}`)).body).toEqual(raw.body);
    expect((await rest.get(`/v1/repositories/${encoded(name).replaceAll('%2F', '%2f')}`)).body).toEqual(raw.body);
  });

  test('gives tags with digests, manifests and the size', async () => {
    const { body } = await doors().rest('person').get('/v1/repositories/team/app');
    expect(body.tags.map(({ name }: { name: string }) => name)).toEqual(['v1', 'v2', 'v3']);
    expect(body.tags[0].digest).toBe(body.tags[1].digest);
    expect(body.tags[0].digest).not.toBe(body.tags[2].digest);
    const digests = body.manifests.map(({ digest }: { digest: string }) => digest);
    expect(new Set(digests)).toEqual(new Set([body.tags[0].digest, body.tags[2].digest]));
    expect(body.total_size).toBeGreaterThan(body.manifests[0].size + body.manifests[1].size);
  });

  test('answers 404 for an unknown one and 400 for what is no name', async () => {
    const rest = doors().rest('person');
    expect(await rest.get('/v1/repositories/no/such')).toMatchObject({
      status: 404,
      body: { error: expect.any(String) },
    });
    for (const name of ['Team', 'a--.b', 'team%2F', '%2Fteam', 'te%20am', 'a'.repeat(256)]) {
      expect((await rest.get(`/v1/repositories/${name}`)).status, name).toBe(400);
    }
  });
});

describe('GET /v1/repositories/{name}/tags and /manifests', () => {
  test.each(['team/app', 'team%2Fapp'])('page through all of %s', async (name) => {
    const rest = doors().rest('person');
    const tags = await rest.pages(`/v1/repositories/${name}/tags?n=1`);
    expect(tags.flatMap((page) => page.tags.map((tag: { name: string }) => tag.name))).toEqual(['v1', 'v2', 'v3']);
    const manifests = await rest.pages(`/v1/repositories/${name}/manifests?n=1`);
    const whole = await rest.get(`/v1/repositories/${name}/manifests`);
    expect(manifests.flatMap((page) => page.manifests)).toEqual(whole.body.manifests);
    expect(whole.body.manifests).toHaveLength(2);
    expect(tags[0].tags[0]).toEqual({
      name: 'v1',
      digest: expect.stringMatching(/^sha256:/),
      media_type: 'application/vnd.oci.image.manifest.v1+json',
      size: expect.any(Number),
      updated_at: expect.stringMatching(/Z$/),
    });
  });

  test.each(['tags', 'manifests'])('answer 404, 403 and 400 like the repository itself: %s', async (list) => {
    expect((await doors().rest('person').get(`/v1/repositories/no/such/${list}`)).status).toBe(404);
    expect((await doors().rest('machine').get(`/v1/repositories/team/app/${list}`)).status).toBe(403);
    expect((await doors().rest('person').get(`/v1/repositories/team/app/${list}?n=x`)).status).toBe(400);
  });

  test('a repository whose name ends like a resource is reached by its encoded name', async () => {
    await seedImage(doors().server, 'odd/tags', ['first', 'second']);
    const rest = doors().rest('person');
    const pages = await rest.pages('/v1/repositories/odd%2Ftags/tags?n=1');
    expect(pages.map(({ tags }) => tags[0].name)).toEqual(['first', 'second']);
    expect((await rest.get('/v1/repositories/odd%2Ftags')).body).toMatchObject({ name: 'odd/tags' });
    expect((await rest.get('/v1/repositories/odd/tags')).status).toBe(404);
  });
});

describe('DELETE /v1/repositories/{name}/tags/{tag}', () => {
  test.each(['team/app', 'team%2Fapp'])('takes the tag from %s and leaves the manifest', async (name) => {
    const { server } = doors();
    await seedImage(server, 'team/app', ['gone']);
    const before = (await doors().rest('admin').get(`/v1/repositories/${name}`)).body;
    expect((await doors().rest('admin').delete(`/v1/repositories/${name}/tags/gone`)).status).toBe(204);
    const after = (await doors().rest('admin').get(`/v1/repositories/${name}`)).body;
    expect(after).toMatchObject({ tag_count: before.tag_count - 1, manifest_count: before.manifest_count });
    expect((await server.audit('tag_deleted'))[0]).toMatchObject({ repository: 'team/app', details: { tag: 'gone' } });
    expect((await doors().rest('admin').delete(`/v1/repositories/${name}/tags/gone`)).status).toBe(404);
  });

  test('refuses what is no tag, an unknown repository, and everybody but admins', async () => {
    expect((await doors().rest('admin').delete('/v1/repositories/team/app/tags/-x')).status).toBe(400);
    expect((await doors().rest('admin').delete('/v1/repositories/no/such/tags/v1')).status).toBe(404);
    expect((await doors().rest('person').delete('/v1/repositories/team/app/tags/v1')).status).toBe(403);
    expect((await doors().rest('person').get('/v1/repositories/team/app/tags')).body.tags).toHaveLength(3);
  });
});

describe('DELETE /v1/repositories/{name}', () => {
  test.each(['doomed/app', 'doomed%2Fapp'])('deletes %s with all that is in it', async (name) => {
    const { server } = doors();
    await seedImage(server, 'doomed/app', ['v1']);
    expect((await doors().rest('person').delete(`/v1/repositories/${name}`)).status).toBe(403);
    const answer = await doors().rest('admin').delete(`/v1/repositories/${name}`);
    expect(answer).toMatchObject({ status: 204, body: undefined });
    for (const list of ['', '/tags', '/manifests']) {
      expect((await doors().rest('admin').get(`/v1/repositories/${name}${list}`)).status).toBe(404);
    }
    expect((await server.admin.getManifest('doomed/app', 'v1')).status).toBe(404);
    expect((await server.audit('repo_deleted'))[0]).toMatchObject({
      repository: 'doomed/app',
      actor: { id: doors().id('admin'), name: 'admin', ip: '127.0.0.1' },
    });
    expect((await doors().rest('admin').delete(`/v1/repositories/${name}`)).status).toBe(404);
  });
});
