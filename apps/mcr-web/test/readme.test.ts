import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const cosign = `sha256-${'ab'.repeat(32)}.sig`;
let tags = [cosign, '1.0'];
let annotations: unknown = {};
let labels: unknown = {};
let isGone = false;
const asked: string[] = [];
const bytes = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(JSON.stringify(value)));
const responses: Responses = {
  registry: {
    getRepository: () => ({ repository: { name: 'team/app' } }),
    listTags: () => ({ tags: tags.map((name) => ({ name })) }),
    inspectManifest: ({ reference }) => {
      asked.push(reference);
      if (isGone) throw new ConnectError('There is no such tag', Code.NotFound);
      return {
        manifest: { digest: cosign },
        content: bytes({ annotations }),
        config: bytes({ config: { Labels: labels } }),
      };
    },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  tags = [cosign, '1.0'];
  annotations = {};
  labels = {};
  isGone = false;
  asked.length = 0;
});

const view = async () => (await stage.grace.get('/repositories/team/app?view=readme')).body;
const key = (name: string) => `org.opencontainers.image.${name}`;

test('the readme is what the newest image says of itself, and a signature is no image', async () => {
  annotations = { [key('description')]: '# App\n\nfine', [key('source')]: 'https://example.com/app' };
  const body = await view();
  expect(asked).toEqual(['1.0']);
  expect(body).toContain('<h3>App</h3>');
  expect(body).toContain(
    '<a class="link" rel="noopener nofollow" href="https://example.com/app">https://example.com/app</a>',
  );
});

test('labels say it where annotations do not', async () => {
  labels = { [key('description')]: 'of a label', [key('licenses')]: 'MIT' };
  for (const words of ['of a label', '<dd>MIT</dd>']) expect(await view()).toContain(words);
});

test('neither text nor addresses become markup or scripts', async () => {
  annotations = {
    [key('description')]: '<script>alert(1)</script> ![x](https://example.com/x.png) [y](javascript:alert(1))',
    [key('url')]: 'javascript:alert(1)',
    [key('source')]: 'https://example.com/"><script>alert(2)</script>',
    [key('vendor')]: '<b>x</b>',
  };
  const body = await view();
  expect(body).not.toMatch(/<script>alert|<img|href="javascript|<b>x/);
});

test.each([
  ['nothing', {}],
  ['what is no list of annotations', 'x'],
])('an image that says %s has none, and it says how to', async (_what, said) => {
  annotations = said;
  expect(await view()).toContain('No readme yet');
});

test('a repository without tags, and a tag that goes meanwhile, have none', async () => {
  isGone = true;
  expect(await view()).toContain('No readme yet');
  tags = [];
  expect(await view()).toContain('No readme yet');
});

test('other views ask for no readme', async () => {
  await stage.grace.get('/repositories/team/app');
  await stage.grace.get('/repositories/team/app?view=manifests');
  expect(asked).toEqual([]);
});
