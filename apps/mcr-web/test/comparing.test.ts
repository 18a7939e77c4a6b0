import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Stage, startStage } from './_util/stage.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const secret = 'correct-horse-battery-staple';

interface Image {
  readonly layers: Readonly<Record<string, string>>;
  readonly env: readonly string[];
  readonly architecture?: string;
}

/** An image by its layers, of which each has a command. */
function image(digest: string, { layers, env, architecture = 'amd64' }: Image) {
  const descriptors = Object.keys(layers).map((letter) => ({
    digest: digestOf(letter),
    mediaType: 'tar',
    size: 1_024,
  }));
  return {
    manifest: { digest, mediaType },
    content: bytes({ layers: descriptors }),
    config: bytes({
      os: 'linux',
      architecture,
      config: { Env: env },
      history: Object.values(layers).map((command) => ({ created_by: command })),
    }),
    totalSize: 2_048n,
  };
}

/** An index of images by platform. */
function index(digest: string, platforms: Readonly<Record<string, string>>) {
  const manifests = Object.entries(platforms).map(([architecture, letter]) => ({
    digest: digestOf(letter),
    mediaType,
    size: 1,
    platform: { os: 'linux', architecture },
  }));
  return {
    manifest: { digest, mediaType: 'application/vnd.oci.image.index.v1+json' },
    content: bytes({ manifests }),
    children: manifests.map((it) => ({ manifest: { digest: it.digest, mediaType }, totalSize: 1n })),
  };
}

const arm = { layers: { d: 'ADD arm' }, env: [], architecture: 'arm64' };
const images: Readonly<Record<string, ReturnType<typeof image> | ReturnType<typeof index>>> = {
  '1.0': image(digestOf('1'), { layers: { a: 'ADD base', b: 'RUN make' }, env: ['PORT=1', `API_KEY=${secret}`] }),
  '1.1': image(digestOf('2'), { layers: { a: 'ADD base', c: 'RUN make' }, env: ['PORT=2', 'API_KEY=another-secret'] }),
  '2.0': index(digestOf('3'), { amd64: '2', arm64: '5' }),
  '2.1': index(digestOf('4'), { arm64: '5', amd64: '1' }),
  [digestOf('5')]: image(digestOf('5'), arm),
};
const byDigest = new Map(Object.values(images).map((it) => [it.manifest.digest, it]));
const tags = ['1.0', '1.1', '2.0', '2.1'].map((name) => ({ name, digest: images[name]?.manifest.digest ?? '' }));
let listed = tags;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage({
    registry: {
      listTags: () => ({ tags: listed }),
      inspectManifest: ({ reference }) => {
        const found = images[reference] ?? byDigest.get(reference);
        if (found === undefined) throw new ConnectError('The manifest is not in the repository', Code.NotFound);
        return found;
      },
    },
  });
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  listed = tags;
});

/** The kinds and commands of the layers. */
async function layersAt(path: string): Promise<readonly string[]> {
  const { body } = await stage.grace.get(path);
  return [...body.matchAll(/class="cmp cmp--\w+"><span class="cmp__k">(\w+)<\/span><code[^>]*>([^<]*)/g)].map(
    ([, kind, command]) => `${kind} ${command}`,
  );
}

test('two tags are compared by their layers and their configuration', async () => {
  const path = '/compare/team/app?a=1.0&b=1.1';
  expect(await layersAt(path)).toEqual(['same ADD base', 'changed RUN make']);
  const { body } = await stage.grace.get(path);
  expect(body).toContain('fetches <b class="strong">1 KiB</b>');
  expect(body).toContain('before: </span><code>PORT=1</code>');
  expect(body).toContain('after: </span><code>PORT=2</code>');
});

test('secrets are hidden until asked for', async () => {
  const { body } = await stage.grace.get('/compare/team/app?a=1.0&b=1.1');
  expect(body.match(/API_KEY=<details class="secret">/g)).toHaveLength(2);
  expect(body.replaceAll(/<details class="secret">.*?<\/details>/g, '')).not.toContain(secret);
});

test.each([
  ['the newest with the one before', '', '2.0', '2.1'],
  ['a version with the one before', '?b=1.1', '1.0', '1.1'],
  ['the first version with the one after', '?b=1.0', '1.1', '1.0'],
])('by default it compares %s', async (_name, query, from, to) => {
  const { body } = await stage.grace.get(`/compare/team/app${query}`);
  expect([...body.matchAll(/name="[ab]" value="([^"]*)"/g)].map(([, value]) => value)).toEqual([from, to]);
});

test('of indexes it compares the images of a platform that both have', async () => {
  const path = '/compare/team/app?a=2.0&b=2.1';
  expect(await layersAt(path)).toEqual(['same ADD arm']);
  expect(await layersAt(`${path}&platform=linux%2Famd64`)).toEqual(['same ADD base', 'changed RUN make']);
  const { body } = await stage.grace.get(path);
  expect(body).toContain('aria-current="true">linux/arm64</a>');
  expect(await layersAt(`${path}&platform=nonsense`)).toEqual(['same ADD arm']);
});

test('an image is compared with the image of an index for its platform', async () => {
  expect(await layersAt('/compare/team/app?a=1.1&b=2.1&platform=linux%2Famd64')).toEqual([
    'same ADD base',
    'changed RUN make',
  ]);
});

test('a repository with one image has nothing to compare', async () => {
  listed = tags.slice(0, 1);
  const { status, body } = await stage.grace.get('/compare/team/app');
  expect(status).toBe(200);
  expect(body).toContain('Nothing to compare');
});

test('a tag that is not there is not found', async () => {
  expect((await stage.grace.get('/compare/team/app?a=1.0&b=no-such-tag')).status).toBe(404);
});

test('the page of a tag leads there', async () => {
  expect((await stage.grace.get('/repositories/team/app:1.1')).body).toContain('href="/compare/team/app?b=1.1"');
});
