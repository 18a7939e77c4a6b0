import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, startStage } from './_util/stage.ts';
import type { Visitor } from './_util/visitor.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
/** Artifact types by repository. */
const kinds: Readonly<Record<string, string>> = {
  'team/app': 'application/vnd.oci.image.config.v1+json',
  'charts/app': 'application/vnd.cncf.helm.config.v1+json',
  'team/files': 'application/x-files',
};
let stage: Stage;

beforeAll(async () => {
  stage = await startStage({
    registry: {
      inspectManifest: ({ repository }) => ({
        manifest: { digest, mediaType, artifactType: kinds[repository] ?? '' },
        content: Buffer.from('{}'),
      }),
    },
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** The names of clients on a page, and those that are marked. */
async function boxOf(visitor: Visitor, path: string) {
  const { body } = await visitor.get(path);
  const radios = [...body.matchAll(/type="radio" name="(?:client|by)" value="(\w+)"[^>]*?( checked)?>/g)];
  return {
    offered: radios.map(([, name]) => name),
    marked: radios.filter((it) => it[2]).map(([, name]) => name),
    body,
  };
}

test.each([
  [
    'team/app:1.0',
    ['docker', 'podman', 'containerd', 'kubernetes', 'dockerfile', 'reference'],
    'ctr images pull localhost:8443/team/app:1.0',
  ],
  [
    'charts/app:1.0_build.7',
    ['helm', 'oras', 'skopeo', 'reference'],
    'helm pull oci://localhost:8443/charts/app --version 1.0+build.7',
  ],
  ['team/files:1.0', ['oras', 'skopeo', 'reference'], 'oras pull localhost:8443/team/files:1.0'],
])('%s is pulled by %j', async (path, clients, command) => {
  const { offered, marked, body } = await boxOf(stage.grace, `/repositories/${path}`);
  expect(offered).toEqual([...clients, 'tag', 'digest']);
  expect(marked).toEqual([clients[0], 'tag']);
  expect(body.replaceAll(/<\/?span[^>]*>/g, '').replaceAll('127.0.0.1', 'localhost')).toContain(`>${command}<`);
});

test('a digest has no command by tag', async () => {
  const { offered, body } = await boxOf(stage.grace, `/repositories/charts/app/manifests/${digest}`);
  expect(offered).toEqual(['helm', 'oras', 'skopeo', 'reference']);
  expect(body).toContain(`/charts/app@${digest}`);
});

test('the last choice that a page offers is marked, without a script', async () => {
  const choose = (fields: Record<string, string>, next: string) => stage.grace.post('/pull', { ...fields, next });
  const { status, headers } = await choose({ client: 'podman', by: 'digest' }, '/repositories/team/app:1.0');
  expect([status, headers.location]).toEqual([303, '/repositories/team/app:1.0']);
  await choose({ client: 'oras', by: 'tag' }, '/');
  expect((await boxOf(stage.grace, '/repositories/team/app:1.0')).marked).toEqual(['podman', 'tag']);
  expect((await boxOf(stage.grace, '/repositories/charts/app:1.0')).marked).toEqual(['oras', 'tag']);
  expect((await boxOf(stage.grace, '/')).marked).toEqual(['podman']);
});

test.each([
  ['names that no client has', { client: '<b>' }],
  ['no choice', {}],
  ['another site', { client: 'helm', next: '//elsewhere.example' }],
])('%s in the form change nothing else', async (_name, fields: Record<string, string>) => {
  const { status, headers } = await stage.admin.post('/pull', fields);
  expect([status, headers.location]).toEqual([303, '/']);
  expect((await boxOf(stage.admin, '/repositories/team/app:1.0')).marked).toEqual(['docker', 'tag']);
});

test('a cookie that someone else wrote marks nothing', async () => {
  stage.admin.cookies.set('__Host-mcr-pull', `${'x'.repeat(3_000)}.<script>.podman"`);
  expect((await boxOf(stage.admin, '/repositories/team/app:1.0')).marked).toEqual(['docker', 'tag']);
});
