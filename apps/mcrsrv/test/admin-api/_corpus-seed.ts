import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildArtifact,
  buildImage,
  buildIndex,
  createOciClient,
  type OciResponse,
  type TestImage,
  tempDirectory,
} from '@mcr/testkit';
import { ManualClock } from '../_util/manual-clock.ts';
import { startTestServer, type TestServer, testPassword } from '../_util/server.ts';

/** What every subject begins with: a registry's data, made once, to be copied. */
export interface CorpusSeed extends AsyncDisposable {
  readonly directory: string;
  /** What the clock had moved on when it was made. */
  readonly ms: number;
  /** What `{{name}}` in a step stands for: digests, ids of accounts, the password that all accounts have. */
  readonly values: ReadonlyMap<string, string>;
  /** Tokens by the name of the account. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** Accounts that call. `none` sends no token, and that of `bad` is none. */
export const callers = ['admin', 'person', 'puller', 'robot'] as const;
/** What the clock moves on before each step. Some of its times have no milliseconds, others have. */
export const stepMs = 1_250;

/** Makes accounts, policy rules and repositories, the same each time: the clock stands still between requests. */
export async function createCorpusSeed(): Promise<CorpusSeed> {
  await using cleanup = new AsyncDisposableStack();
  const { path } = cleanup.use(await tempDirectory());
  const directory = join(path, 'seed');
  await mkdir(directory);
  const clock = new ManualClock();
  const start = clock.now();
  await using server = await startTestServer({ directory, overrides: { clock } });
  const values = new Map([
    ['password', testPassword],
    ['strange', '01234567-89ab-cdef-0123-456789abcdef'],
  ]);
  values.set('person', await server.addAccount('person'));
  values.set('puller', await server.addAccount('puller', { type: 'system' }));
  values.set('robot', await server.addAccount('robot', { type: 'system', roles: ['ci'] }));
  await seedRules(server, values.get('puller')!);
  await seedContent(server, clock, (name, value) => values.set(name, value));
  const tokens = await tokensFor(server);
  const authorization = `Bearer ${tokens.get('admin')}`;
  const whoAmI = await server.client({}).request('GET', '/v1/auth/whoami', { authorization });
  values.set('admin', (whoAmI.json() as { readonly id: string }).id);
  const owned = cleanup.move();
  return { directory, ms: clock.now() - start, values, tokens, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Logs every caller in. */
export async function tokensFor({ baseUrl, ca }: TestServer): Promise<Map<string, string>> {
  const tokens = new Map([['bad', 'garbage']]);
  for (const username of callers) {
    await using client = createOciClient({ baseUrl, ca, username, password: testPassword });
    tokens.set(username, (await client.token()).token);
  }
  return tokens;
}

async function seedRules(server: TestServer, puller: string): Promise<void> {
  const team = ['team/*'];
  await server.addRule({
    description: 'puller pulls',
    subject: puller,
    actions: ['registry:pull'],
    repositories: team,
  });
  await server.addRule({ description: 'no ci', priority: 5, effect: 'deny', roles: ['ci'], repositories: ['other/*'] });
  const idle = { enabled: false, priority: 20 };
  await server.addRule({ ...idle, accountTypes: ['human'], actions: ['registry:push', 'registry:pull'] });
  await server.addRule({ ...idle, description: 'matches nothing', repositories: ['Team/*'] });
}

/** Layers are bytes as they are: what a compressor makes of them may change with the version of Node. */
async function imageOf(
  word: string,
  platform?: { readonly os: string; readonly architecture: string },
): Promise<TestImage> {
  return await buildImage({ layers: [Buffer.from(word)], annotations: { word }, ...(platform && { platform }) });
}

async function seedContent(
  server: TestServer,
  clock: ManualClock,
  note: (name: string, value: string) => void,
): Promise<void> {
  const push = async (repository: string, reference: string, image: Pick<TestImage, 'blobs' | 'manifest'>) => {
    clock.advance(stepMs);
    // One after the other, so that the audit log has them in this order.
    for (const blob of image.blobs) must(await server.admin.pushBlob(repository, blob));
    must(await server.admin.pushManifest(repository, reference, image.manifest));
  };
  const [one, two] = [await imageOf('one'), await imageOf('two')];
  const arm = await imageOf('arm', { os: 'linux', architecture: 'arm64' });
  const index = buildIndex([two, arm]);
  const subject = one.manifest;
  const signature = buildArtifact({ artifactType: 'application/vnd.example.signature', content: 'signed', subject });
  const annotations = { 'org.example.tool': 'sbom' };
  const sbom = buildArtifact({ artifactType: 'application/vnd.example.sbom', content: 'sbom', subject, annotations });
  const other = await imageOf('other');
  const digests = { one, two, arm, index, signature, sbom, other };
  for (const [name, { manifest }] of Object.entries(digests)) note(name, manifest.digest);
  note('layer', one.layers[0]!.digest);
  note('sbom hex', sbom.manifest.digest.slice('sha256:'.length));

  await push('team/app', '1.9.0', one);
  await push('team/app', '1.10.0', two);
  await push('team/app', 'latest', { blobs: [], manifest: two.manifest });
  await push('team/app', arm.manifest.digest, arm);
  await push('team/app', 'multi', { blobs: [], manifest: index.manifest });
  await push('team/app', signature.manifest.digest, signature);
  await push('team/app', sbom.manifest.digest, sbom);
  await push('team/app/tags', 'v1', one);
  await push('team/manifests', 'v1', sbom);
  await push('solo', 'v1', other);
  await push('other/app', 'v1', other);
  await push('other/app', 'v2', one);
}

function must(response: OciResponse): void {
  if (response.status !== 201) throw new Error(`${response.status} ${response.text()}`);
}
