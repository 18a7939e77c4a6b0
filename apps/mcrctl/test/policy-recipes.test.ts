import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  blobOf,
  buildImage,
  type FakeIssuer,
  githubClaims,
  type OciClient,
  pushImage,
  startFakeIssuer,
} from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

const page = await readFile(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
const password = 'the password of everyone';

interface Recipe {
  readonly title: string;
  readonly commands: readonly string[];
  readonly toml: string | undefined;
  readonly claims: readonly (readonly string[])[];
}

/** The recipes of docs/policy.md, each with its commands, its configuration and its table. */
const recipes = page
  .split('## Recipes')[1]!
  .split(/^### /m)
  .slice(1)
  .map((text): Recipe => {
    const block = (language: string) => new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(text)?.[1];
    const rows = text.split('\n').filter((line) => /^\|.*\| (?:allowed|denied) \|$/.test(line));
    const cells = rows.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    const commands = (block('sh') ?? '').split('\n').filter((line) => line !== '');
    return { title: text.split('\n', 1)[0]!, commands, toml: block('toml'), claims: cells };
  });

let operator: Operator;
let github: FakeIssuer;
const cleanup = new AsyncDisposableStack();
beforeAll(async () => {
  github = cleanup.use(await startFakeIssuer());
  operator = cleanup.use(await startOperator());
  await operator.login();
  const admin = operator.registry.client();
  const image = await buildImage({ layers: [{ size: 10 }] });
  for (const { claims } of recipes) {
    for (const [, , repository = ''] of claims) await pushImage(admin, repository, 'v1', image);
  }
});
afterAll(() => cleanup.disposeAsync());

/** A request of each kind, with a status that tells whether policy allowed it. */
const requests: Readonly<Record<string, (client: OciClient, name: string) => Promise<{ readonly status: number }>>> = {
  pull: (client, name) => client.getManifest(name, 'v1'),
  push: (client, name) => client.startUpload(name),
  delete: (client, name) => client.deleteBlob(name, blobOf('that is not there').digest),
};

async function clientOf(who: string): Promise<OciClient> {
  if (who === 'admin') return operator.registry.client();
  if (who === 'guest') {
    const { status, ...response } = await operator.registry.client({}).request('GET', '/v2/token');
    expect(status).toBe(200);
    return operator.registry.client({ token: (response as { json(): { token: string } }).json().token });
  }
  const [kind, name] = who.split(':');
  if (kind !== 'workload') return operator.registry.client({ username: who, password });
  const jwt = await github.sign(githubClaims('acme/app', 'registry.example.com'));
  return operator.registry.client({ username: name!, password: jwt });
}

/** Puts what the page says into the configuration, with an issuer of this test in place of GitHub's. */
async function configure(toml: string): Promise<void> {
  const { directory, configPath } = operator.registry;
  const caPath = join(directory, 'issuer.crt');
  await writeFile(caPath, github.caPem);
  const isWorkload = toml.includes('[workload.');
  const own = toml.replace('https://token.actions.githubusercontent.com', github.issuer);
  await appendFile(configPath, `\n${own}${isWorkload ? `ca_cert = "${caPath}"\n` : ''}`);
  await operator.registry.restart();
}

test('docs/policy.md has recipes', () => {
  expect(recipes.map(({ title }) => title)).toHaveLength(7);
  for (const { commands, claims } of recipes) expect(commands.length * claims.length).toBeGreaterThan(1);
});

test.each(recipes)('the recipe "$title" does what the page says', async ({ commands, toml, claims }) => {
  const before = await readFile(operator.registry.configPath, 'utf8');
  if (toml !== undefined) await configure(toml);
  for (const command of commands) {
    const line = command.replace(/^mcrctl /, '').replace(/ < password-file$/, '');
    const { exitCode, stderr } = await operator.run(line, { input: password });
    expect([exitCode, stderr], command).toEqual([0, expect.any(String)]);
  }
  await operator.login();
  for (const [who = '', does = '', repository = '', result] of claims) {
    const { status } = await requests[does]!(await clientOf(who), repository);
    expect([who, does, repository, status === 401 || status === 403 ? 'denied' : 'allowed']).toEqual([
      who,
      does,
      repository,
      result,
    ]);
    expect(status).not.toBe(500);
  }
  await clear();
  if (toml !== undefined) await writeFile(operator.registry.configPath, before);
  if (toml !== undefined) await operator.registry.restart();
});

/** Removes the rules and the accounts of a recipe. */
async function clear(): Promise<void> {
  const items = async (list: string, field: string) =>
    (await operator.run(`${list} --json ${field}`)).stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => String((JSON.parse(line) as Record<string, unknown>)[field]));
  for (const id of await items('policy list', 'id')) await operator.run(`policy delete ${id} --yes`);
  for (const name of await items('account list', 'username')) {
    if (name !== 'admin') await operator.run(`account delete ${name} --yes`);
  }
}
