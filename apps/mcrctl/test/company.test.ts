import { blobOf, buildImage, type OciClient, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

const password = 'the password of everyone';
const teams = { web: 'ann', shop: 'bob', data: 'cleo' } as const;
const people = Object.entries(teams);

let operator: Operator;
const robots = new Map<string, string>();
beforeAll(async () => {
  operator = await startOperator({ MCR_POLICY_DEFAULT: 'closed' });
  await operator.login();
});
afterAll(() => operator?.[Symbol.asyncDispose]());

async function run(line: string): Promise<string> {
  const { exitCode, stdout, stderr } = await operator.run(line, { input: password });
  expect([exitCode, stderr], line).toEqual([0, expect.any(String)]);
  return stdout.trim();
}

test('an operator sets up a company of three teams and two robots with mcrctl alone', async () => {
  for (const [team, person] of people) {
    await run(`account create ${person} --role ${team}`);
    const actions = ['pull', 'push', 'delete'].map((action) => `--action registry:${action}`).join(' ');
    await run(`policy create --effect allow --priority 10 --role ${team} ${actions} --repository '${team}/**'`);
  }
  for (const robot of ['builder', 'cluster']) await run(`account create ${robot} --type system`);
  const push = '--action registry:pull --action registry:push';
  await run(`policy create --effect allow --priority 20 --subject builder ${push}`);
  await run('policy create --effect allow --priority 20 --subject cluster --action registry:pull');
  robots.set('builder', await run(`token create ci --account builder ${push} --repository 'web/**' --expires 30d`));
  robots.set('cluster', await run('token create nodes --account cluster --expires 90d'));

  const image = await buildImage({ layers: [{ size: 10 }] });
  for (const [team] of people) await pushImage(operator.registry.client(), `${team}/app`, 'v1', image);
});

const attempts: Readonly<Record<string, (client: OciClient, name: string) => Promise<{ readonly status: number }>>> = {
  pull: (client, name) => client.getManifest(name, 'v1'),
  push: (client, name) => client.startUpload(name),
  delete: (client, name) => client.deleteBlob(name, blobOf('that is not there').digest),
};

async function allowed(username: string, secret: string): Promise<string[]> {
  const client = operator.registry.client({ username, password: secret });
  const found: string[] = [];
  for (const [team] of people) {
    for (const [what, attempt] of Object.entries(attempts)) {
      if ((await attempt(client, `${team}/app`)).status !== 403) found.push(`${what} ${team}`);
    }
  }
  return found;
}

test.each(people)('the team %s works in its own namespace, and in no other one', async (team, person) => {
  expect(await allowed(person, password)).toEqual([`pull ${team}`, `push ${team}`, `delete ${team}`]);
});

test('the robot of one team pushes to that team, since its token is for no more than its rule', async () => {
  expect(await allowed('builder', robots.get('builder')!)).toEqual(['pull web', 'push web']);
});

test('the nodes of the cluster pull everything, and nothing once their token is revoked', async () => {
  const secret = robots.get('cluster')!;
  expect(await allowed('cluster', secret)).toEqual(['pull web', 'pull shop', 'pull data']);
  await run('token revoke nodes --account cluster --yes');
  const login = operator.registry.client({ username: 'cluster', password: secret }).request('GET', '/v2/');
  await expect(login).rejects.toThrow('401');
});

test('the list of tokens says whose they are and what they are for', async () => {
  const listed = await run('token list --all --json name,username,repositories');
  expect(listed).toBe('{"name":"ci","username":"builder","repositories":["web/**"]}');
});
