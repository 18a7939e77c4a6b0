import { buildImage, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Visitor, visit } from '../test/_util/visitor.ts';
import { type Stack, startStack } from './_util/stack.ts';

const cleanup = new AsyncDisposableStack();
let stack: Stack;
const web = () => ({ url: stack.url, ca: { caPem: stack.registry.ca } });
const json = { 'content-type': 'application/json' };

beforeAll(async () => {
  stack = cleanup.use(await startStack());
  const admin = stack.registry.client();
  const image = await buildImage({ layers: [{ size: 10 }] });
  for (const name of ['public/app', 'secret/app']) await pushImage(admin, name, 'v1', image);
  await stack.registry.addAccount('ann');
  const puller = await stack.registry.addAccount('puller', { type: 'system' });
  const pull = { priority: 5, effect: 'allow', actions: ['registry:pull'], repositories: ['public/**'] };
  for (const rule of [
    { ...pull, subject: puller.id },
    { ...pull, account_types: ['anonymous'] },
  ]) {
    const response = await admin.request('POST', '/v1/policy/rules', { headers: json, body: JSON.stringify(rule) });
    expect(response.status, response.text()).toBe(201);
  }
});
afterAll(() => cleanup.disposeAsync());

async function denials(): Promise<number> {
  return (await stack.registry.client().request('GET', '/v1/audit?event_type=policy_deny&n=1000')).json().length;
}

const pages = [
  '/',
  '/me',
  '/repositories',
  '/repositories/public/app',
  '/repositories/public/app:v1',
  '/search?q=public',
];

async function browse(visitor: Visitor, paths: readonly string[]): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const path of paths) statuses.push((await visitor.get(path)).status);
  return statuses;
}

test('the pages of a person leave no denial in the audit log', async () => {
  const ann = visit(web());
  await ann.signIn('ann', 'the password of ann');
  expect(await browse(ann, pages)).toEqual(pages.map(() => 200));
  expect(await denials()).toBe(0);
});

test('nor does the front page of an account that may not list repositories; a page that is rejected is one', async () => {
  const puller = visit(web());
  await puller.signIn('puller', 'the password of puller');
  expect(await browse(puller, ['/', '/me', '/repositories/public/app', '/repositories/public/app:v1'])).toEqual([
    200, 200, 200, 200,
  ]);
  expect(await denials()).toBe(0);
  expect(await browse(puller, ['/repositories'])).toEqual([403]);
  expect(await denials()).toBe(1);
});

test('a guest sees what guests may pull, in lists, pages and searches, and is asked to sign in for the rest', async () => {
  const guest = visit(web());
  const list = await guest.get('/repositories');
  expect([list.status, list.body.includes('secret')]).toEqual([200, false]);
  expect(await browse(guest, ['/repositories/public/app', '/repositories/public/app:v1'])).toEqual([200, 200]);
  expect((await guest.get('/search?q=app')).body).not.toContain('secret/');
  const [secret, unknown] = [await guest.get('/repositories/secret/app'), await guest.get('/repositories/secret/not')];
  expect([secret.status, unknown.status]).toEqual([303, 303]);
  expect(secret.headers.location).toBe('/login?next=%2Frepositories%2Fsecret%2Fapp');
});
