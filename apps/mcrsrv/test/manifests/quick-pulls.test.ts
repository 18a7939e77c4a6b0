import { parseRepositoryName, parseTag } from '@mcr/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openStore } from '../../src/stores.ts';
import { seedImage } from '../_util/images.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import { type BothWays, openBothWays, path, pull, reconnect, request, type Step, type World } from './_both-ways.ts';

const repository = parseRepositoryName('team/app');
const change = ({ clock }: World) => ({ actor: {}, now: clock.now() });
const deny = { effect: 'deny', actions: ['registry:pull'], repositories: ['team/app'] } as const;
const ann = pull('ann');

let both: BothWays;
beforeAll(async () => {
  both = await openBothWays();
}, 120_000);
afterAll(() => both?.[Symbol.asyncDispose]());

describe('a pull is responded to quickly, and as the ordinary path does,', () => {
  test.each<[string, readonly Step[], readonly string[]]>([
    ['by tag, from its second GET', [ann, ann, ann], ['200', '200!', '200!']],
    ['with HEAD after a GET', [ann, pull('ann', path, 'HEAD')], ['200', '200!']],
    [
      'with HEAD after a HEAD, and with GET, whose bytes are read then',
      [
        pull('ann', '/v2/team/app/manifests/v2', 'HEAD'),
        pull('ann', '/v2/team/app/manifests/v2', 'HEAD'),
        pull('ann', '/v2/team/app/manifests/v2'),
      ],
      ['200', '200!', '200!'],
    ],
    [
      'by names that no one has pulled by before, from a repository that the caller has pulled from',
      [
        ann,
        pull('ann', '/v2/team/app/manifests/v3', 'HEAD'),
        pull('ann', '/v2/team/app/manifests/v4'),
        by(({ digests }) => `/v2/team/app/manifests/${digests.long}`),
      ],
      ['200', '200!', '200!', '200!'],
    ],
    [
      'that is too long to be kept, and read each time',
      [ann, pull('ann', '/v2/team/app/manifests/long'), pull('ann', '/v2/team/app/manifests/long')],
      ['200', '200!', '200!'],
    ],
    [
      'of several users of the connection, each once known',
      [ann, pull('bob'), ann, pull('bob')],
      ['200', '200', '200!', '200!'],
    ],
    [
      'by digest',
      [by(({ digest }) => `/v2/team/app/manifests/${digest}`), by(({ digest }) => `/v2/team/app/manifests/${digest}`)],
      ['200', '200!'],
    ],
    [
      'from several repositories in turn',
      [ann, pull('ann', '/v2/team/other/manifests/v1'), ann, pull('ann', '/v2/team/other/manifests/v1')],
      ['200', '200', '200!', '200!'],
    ],
    [
      'by a guest',
      [pull('guest', '/v2/public/app/manifests/v1'), pull('guest', '/v2/public/app/manifests/v1')],
      ['200', '200!'],
    ],
    ['with an access token', [pull('job'), pull('job')], ['200', '200!']],
    [
      'with conditions and types that it does not look at',
      [
        pull('ann', path, 'GET', 'If-None-Match: *', 'Accept: text/html'),
        pull('ann', path, 'GET', 'If-None-Match: *', 'Accept: text/html'),
      ],
      ['200', '200!'],
    ],
    [
      'when requests do not wait for each other',
      [ann, (world) => text(ann, world).repeat(3)],
      ['200', '200!', '200!', '200!'],
    ],
  ])('%s', async (_, steps, statuses) => {
    expect(await both.compare(steps)).toEqual(statuses);
  });
});

describe('the ordinary path is taken', () => {
  test.each<[string, readonly Step[], readonly string[]]>([
    [
      'for an unknown tag',
      [ann, pull('ann', '/v2/team/app/manifests/none'), pull('ann', '/v2/team/app/manifests/none')],
      ['200', '404', '404'],
    ],
    [
      'for a manifest that turns out damaged',
      [
        ann,
        async ({ server, digest, digests }) => {
          const another = `SELECT content FROM manifests WHERE digest = '${digest}' LIMIT 1`;
          await sqlFromOutside(server, `UPDATE manifests SET content = (${another}) WHERE digest = '${digests.bad}'`);
        },
        pull('ann', '/v2/team/app/manifests/bad'),
        pull('ann', '/v2/team/app/manifests/bad', 'HEAD'),
      ],
      ['200', '404', '404'],
    ],
    ['for what is denied', [ann, pull('ann', '/v2/secret/app/manifests/v1'), ann], ['200', '403', '200!']],
    [
      'for a manifest that only others of the connection may pull',
      [
        pull('ann', '/v2/team/other/manifests/v1'),
        pull('bob', '/v2/team/other/manifests/v1'),
        pull('bob'),
        pull('bob', '/v2/team/other/manifests/v1'),
      ],
      ['200', '403', '200', '403'],
    ],
    ['for another user of the connection', [ann, pull('bob'), ann, pull('job')], ['200', '200', '200!', '200']],
    ['for other headers', [ann, pull('ann', path, 'GET', 'X-Forwarded-For: 192.0.2.1'), ann], ['200', '200', '200!']],
    ['without credentials', [ann, request('GET', path)], ['200', '401']],
    ['with a name and a password', [pull('basic'), pull('basic')], ['200', '200']],
    ['by a guest where guests may not pull', [pull('guest'), pull('guest')], ['401', '401']],
    ['with a token that is changed', [ann, (world) => text(ann, world).replace('Bearer ', 'Bearer x')], ['200', '401']],
    [
      'for a path with an encoded character',
      [ann, pull('ann', '/v2/team/app/manifests/%76%31'), pull('ann', '/v2/team/app/manifests/%76%31')],
      ['200', '200', '200'],
    ],
    ['for a path with an encoded slash', [ann, pull('ann', '/v2/team%2Fapp/manifests/v1')], ['200', '400']],
    ['for a path with a query', [ann, pull('ann', `${path}?x=1`), pull('ann', `${path}?x=1`)], ['200', '200', '200']],
    ['for an absolute target', [ann, pull('ann', `https://localhost${path}`)], ['200', '400']],
    [
      'for a second Authorization header',
      [ann, (world) => text(ann, world).replace('\r\n\r\n', `\r\nAuthorization: ${world.callers.bob}\r\n\r\n`)],
      ['200', '400'],
    ],
    [
      'for a body',
      [ann, pull('ann', path, 'GET', 'Content-Length: 0'), pull('ann', path, 'GET', 'Content-Length: 0')],
      ['200', '200', '200'],
    ],
    [
      'for the last request of HTTP/1.0',
      [ann, (world) => text(ann, world).replace('HTTP/1.1', 'HTTP/1.0')],
      ['200', '200'],
    ],
    ['for other methods', [ann, pull('ann', path, 'OPTIONS')], ['200', '405']],
    ['for blobs', [ann, by(({ digest }) => `/v2/team/app/blobs/${digest}`)], ['200', '404']],
  ])('%s', async (_, steps, statuses) => {
    expect(await both.compare(steps)).toEqual(statuses);
  });
});

const blob = by(({ blobs }) => `/v2/team/app/blobs/${blobs.small}`);
const headOfBlob = by(({ blobs }) => `/v2/team/app/blobs/${blobs.small}`, 'HEAD');
const partOfBlob = by(({ blobs }) => `/v2/team/app/blobs/${blobs.small}`, 'GET', 'Range: bytes=0-3');
const cachedBlob = by(({ blobs }) => `/v2/team/app/blobs/${blobs.small}`, 'GET', 'If-None-Match: *');
const largeBlob = by(({ blobs }) => `/v2/team/app/blobs/${blobs.large}`);
const asBob =
  (method: string): Step =>
  (world) =>
    text(pull('bob', `/v2/team/other/blobs/${world.blobs.elsewhere}`, method), world);
const blobElsewhere = by(({ blobs }) => `/v2/team/app/blobs/${blobs.elsewhere}`);

describe('a blob', () => {
  test.each<[string, readonly Step[], readonly string[]]>([
    ['is sent quickly from its second GET', [blob, blob, headOfBlob], ['200', '200!', '200!']],
    ['is found quickly from its second HEAD', [headOfBlob, headOfBlob, blob], ['200', '200!', '200!']],
    [
      'is found, and not sent, for a caller that may only push',
      [asBob('HEAD'), asBob('HEAD'), asBob('GET')],
      ['200', '200', '403'],
    ],
    ['is sent quickly after a manifest of its repository', [ann, headOfBlob, blob], ['200', '200!', '200!']],
    ['takes the ordinary path in part', [ann, partOfBlob, partOfBlob, blob], ['200', '206', '206', '200!']],
    ['takes the ordinary path with a condition', [ann, cachedBlob, cachedBlob], ['200', '304', '304']],
    ['takes the ordinary path when it is large', [largeBlob, largeBlob], ['200', '200']],
    ['of another repository is not found', [ann, blobElsewhere, headOf(blobElsewhere)], ['200', '404', '404']],
    ['takes the ordinary path once its validation has ended', [blob, later, blob, blob], ['200', '200', '200!']],
    [
      'is not sent once a rule denies that, and is again after its end',
      [blob, blob, addDenial, blob, headOfBlob, removeDenial, blob, blob],
      ['200', '200!', '403', '403', '200', '200!'],
    ],
    ['is not sent once its bytes are gone', [blob, removeBytes, blob, blob, headOfBlob], ['200', '404', '404', '404']],
  ])('%s', async (_, steps, statuses) => {
    expect(await both.compare(steps)).toEqual(statuses);
  });
});

describe('over a new connection', () => {
  test.each<[string, readonly Step[], readonly string[]]>([
    ['a client that sends the same headers is known', [ann, reconnect, ann, ann], ['200', '200!', '200!']],
    [
      'another user is not, before a pull of its own',
      [ann, reconnect, pull('bob'), reconnect, pull('bob'), reconnect, ann],
      ['200', '200', '200!', '200!'],
    ],
    [
      'a user who may not pull is rejected, although others may',
      [pull('ann', '/v2/team/other/manifests/v1'), reconnect, pull('bob', '/v2/team/other/manifests/v1')],
      ['200', '403'],
    ],
    [
      'a client that says to come from elsewhere is not known',
      [ann, reconnect, pull('ann', path, 'GET', 'X-Forwarded-For: 192.0.2.1')],
      ['200', '200'],
    ],
    ['a login with a name and a password is one again', [pull('basic'), reconnect, pull('basic')], ['200', '200']],
    ['a validation that has ended is made again', [ann, later, reconnect, ann, ann], ['200', '200', '200!']],
    [
      'a new rule and its end are seen',
      [ann, addDenial, reconnect, ann, removeDenial, reconnect, ann, reconnect, ann],
      ['200', '403', '200', '200!'],
    ],
  ])('%s', async (_, steps, statuses) => {
    expect(await both.compare(steps)).toEqual(statuses);
  });
});

test('what is not prepared is read once, with the versions that it depends on', async () => {
  using spies = new DisposableStack();
  const stamps: { readonly mock: { readonly calls: readonly unknown[] } }[] = [];
  const watch: Step = async ({ server }) => {
    await seedImage(server, 'team/app', ['fresh'], 'fresh');
    stamps.push(spies.use(vi.spyOn(server.context.services.store.manifests, 'stamp')));
  };
  expect(await both.compare([ann, watch, pull('ann', '/v2/team/app/manifests/fresh')])).toEqual(['200', '200!']);
  expect(stamps.map(({ mock }) => mock.calls)).toEqual([[], []]);
});

test('limits count requests of both ways', async () => {
  const guest = pull('guest', '/v2/public/app/manifests/v1');
  const times = (count: number, step: Step): readonly Step[] => Array.from({ length: count }, () => step);
  const statuses = await both.compare([...times(5, guest), ...times(14, ann), ...times(2, pull('bob'))]);
  expect(statuses.slice(0, 5)).toEqual(['200', '200!', '200!', '429', '429']);
  expect(statuses.slice(5, 19)).toEqual(['200', ...Array.from({ length: 11 }, () => '200!'), '429', '429']);
  // 19 have come from the address.
  expect(statuses.slice(19)).toEqual(['200', '429']);
});

describe('CVE-2026-35172: a change is seen by the next request of the same connection', () => {
  test.each<[string, (world: World) => Promise<unknown>, readonly string[], Step?]>([
    ['half a minute after the token was validated', async ({ clock }) => clock.advance(30_000), ['200', '200!']],
    [
      'a rule that denies, and its end',
      async ({ server }) => {
        await server.addRule(deny);
      },
      ['403', '403'],
    ],
    [
      'the end of that rule, by another process',
      async (world) => {
        await using store = await another(world);
        const rule = (await store.policy.listRules()).find(({ effect }) => effect === 'deny');
        await store.policy.deleteRule({ ...change(world), id: rule!.id });
      },
      ['200', '200!'],
    ],
    [
      'a tag that moves',
      async ({ server }) => void (await seedImage(server, 'team/app', ['v1'], 'moved')),
      ['200', '200!'],
    ],
    [
      'a tag that another process deletes',
      async (world) => {
        await using store = await another(world);
        await store.tags.delete({ ...change(world), repository, tag: parseTag('v1'), reviewAfter: 0 });
      },
      ['404', '404'],
    ],
    [
      'a tag that comes back',
      async ({ server }) => void (await seedImage(server, 'team/app', ['v1'], 'back')),
      ['200', '200!'],
    ],
    [
      'damage that was found',
      async (world) => {
        const { store } = world.server.context.services;
        const { digest } = await store.manifests.stat(repository, { kind: 'tag', tag: parseTag('v1') });
        await store.manifests.delete({ ...change(world), repository, digest, reviewAfter: 0 });
      },
      ['404', '404'],
    ],
    ['a push', async ({ server }) => void (await seedImage(server, 'team/app', ['v1'], 'pushed')), ['200', '200!']],
    [
      'the end of an access token',
      async (world) => {
        const { store } = world.server.context.services;
        await store.tokens.revoke({ ...change(world), id: world.ids.token });
      },
      ['401', '401'],
      pull('job'),
    ],
    [
      'a token that was revoked',
      ({ server, callers }) => server.context.services.identity.revoke(callers.bob.replace('Bearer ', '')),
      ['401', '401'],
      pull('bob'),
    ],
    [
      'a role that denies',
      async (world) => {
        const { server, ids } = world;
        await server.addRule({ ...deny, roles: ['blocked'] });
        const { store } = server.context.services;
        await store.accounts.update({ ...change(world), id: ids.ann, patch: { roles: ['blocked'] } });
      },
      ['403', '403'],
    ],
    [
      'roles that are taken away',
      async (world) => {
        const { store } = world.server.context.services;
        await store.accounts.update({ ...change(world), id: world.ids.ann, patch: { roles: [] } });
      },
      ['200', '200!'],
    ],
    [
      'the end of the repository',
      async (world) => {
        const { store } = world.server.context.services;
        await store.repositories.delete({ ...change(world), repository, reviewAfter: 0 });
      },
      ['404', '404'],
    ],
    [
      'a new repository of the same name',
      async ({ server }) => void (await seedImage(server, 'team/app', ['v1'], 'new')),
      ['200', '200!'],
    ],
    ['the end of the token', async ({ clock }) => clock.advance(9 * 3_600_000), ['401', '401']],
  ])('%s', async (_, happen, statuses, step = ann) => {
    const results = await both.compare([step, step, async (world) => void (await happen(world)), step, step]);
    expect(results.slice(2)).toEqual(statuses);
  });
});

async function later({ clock }: World): Promise<void> {
  clock.advance(30_000);
}

async function addDenial({ server }: World): Promise<void> {
  await server.addRule(deny);
}

async function removeDenial(world: World): Promise<void> {
  const { policy } = world.server.context.services.store;
  const rule = (await policy.listRules()).find(({ effect }) => effect === 'deny');
  await policy.deleteRule({ ...change(world), id: rule!.id });
}

/** A GET, or another method, by ann of a path that the registry decides. */
function by(target: (world: World) => string, method = 'GET', ...lines: string[]): Step {
  return (world: World) => text(pull('ann', target(world), method, ...lines), world);
}

function headOf(step: Step): Step {
  return (world: World) => text(step, world).replace('GET', 'HEAD');
}

async function removeBytes({ server, blobs }: World): Promise<void> {
  const { store, blobs: bytes } = server.context.services;
  const { locator } = (await store.blobs.findByDigest(blobs.small))!;
  await bytes.remove(locator);
}

function text(step: Step, world: World): string {
  return typeof step === 'string' ? step : (step(world) as string);
}

async function another({ server }: World) {
  const store = await openStore(server.context.config);
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}
