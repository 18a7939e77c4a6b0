import { accessOf, addWorkflow, company, pushForTeams, teams, type Workflow } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

const password = 'the password of everyone';

let operator: Operator;
let workflow: Workflow;
const robots = new Map<string, string>();
beforeAll(async () => {
  operator = await startOperator({ MCR_POLICY_DEFAULT: 'closed' });
  workflow = await addWorkflow(operator.registry);
  await operator.login();
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await workflow?.[Symbol.asyncDispose]();
});

async function run(line: string): Promise<string> {
  const { exitCode, stdout, stderr } = await operator.run(line, { input: password });
  expect([exitCode, stderr], line).toEqual([0, expect.any(String)]);
  return stdout.trim();
}

test('an operator sets up a company of three teams, two robots and a workflow with mcrctl alone', async () => {
  for (const team of teams) {
    await run(`account create ${company[team]} --role ${team}`);
    const actions = ['pull', 'push', 'delete'].map((action) => `--action registry:${action}`).join(' ');
    await run(`policy create --effect allow --priority 10 --role ${team} ${actions} --repository '${team}/**'`);
  }
  for (const robot of ['builder', 'cluster']) await run(`account create ${robot} --type system`);
  const push = '--action registry:pull --action registry:push';
  await run(`policy create --effect allow --priority 20 --subject builder ${push}`);
  await run('policy create --effect allow --priority 20 --subject cluster --action registry:pull');
  await run(`policy create --effect allow --priority 20 --subject workload:release ${push} --repository 'shop/**'`);
  robots.set('builder', await run(`token create ci --account builder ${push} --repository 'web/**' --expires 30d`));
  robots.set('cluster', await run('token create nodes --account cluster --expires 90d'));
  await pushForTeams(operator.registry.client());
});

const allowed = (username: string, secret: string) =>
  accessOf(operator.registry.client({ username, password: secret }));

test.each(teams)('the team %s works in its own namespace, and in no other one', async (team) => {
  expect(await allowed(company[team], password)).toEqual([`pull ${team}`, `push ${team}`, `delete ${team}`]);
});

test('the robot of one team pushes to that team, since its token is for no more than its rule', async () => {
  expect(await allowed('builder', robots.get('builder')!)).toEqual(['pull web', 'push web']);
});

test('the workflow of the right repository pushes to one team without a secret, and another one not at all', async () => {
  const { username, password: token } = await workflow.job();
  expect(await allowed(username, token)).toEqual(['pull shop', 'push shop']);
  await expect(accessOf(operator.registry.client(await workflow.job('acme/app-evil')))).rejects.toThrow('401');
});

test('the nodes of the cluster pull everything, and nothing once their token is revoked', async () => {
  const secret = robots.get('cluster')!;
  expect(await allowed('cluster', secret)).toEqual(teams.map((team) => `pull ${team}`));
  await run('token revoke nodes --account cluster --yes');
  const login = operator.registry.client({ username: 'cluster', password: secret }).request('GET', '/v2/');
  await expect(login).rejects.toThrow('401');
});

test('the list of tokens says whose they are and what they are for', async () => {
  const listed = await run('token list --all --json name,username,repositories');
  expect(listed).toBe('{"name":"ci","username":"builder","repositories":["web/**"]}');
});
