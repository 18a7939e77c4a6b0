import { accessOf, addWorkflow, company, pushForTeams, teams, type Workflow } from '@mcr/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { type Stack, startStack } from './_util/stack.ts';

const password = 'the password of everyone';
/** Pages opened, and buttons and links pressed, from the sign-in to the last token; typing and choosing is not counted. */
const mostSteps = 28;

describe.skipIf(!requireChromium())('a company that an admin sets up in a browser alone', () => {
  const resources = new AsyncDisposableStack();
  const robots = new Map<string, string>();
  let stack: Stack;
  let workflow: Workflow;
  let page: Page;
  let steps = 0;

  beforeAll(async () => {
    stack = resources.use(await startStack({ env: { MCR_POLICY_DEFAULT: 'closed' } }));
    workflow = resources.use(await addWorkflow(stack.registry));
    const browser = await startBrowser();
    resources.defer(() => browser.close());
    page = await newPage(browser, stack, { javaScriptEnabled: false });
    await signIn(page, 'admin', stack.registry.adminPassword);
  });
  afterAll(() => resources.disposeAsync());

  const press = async (role: 'link' | 'button', name: string) => {
    steps += 1;
    await page.getByRole(role, { name, exact: true }).first().click();
  };
  const says = (text: string) => page.getByText(text, { exact: false }).first().waitFor();

  async function addAccount(username: string, fields: { roles?: string; type?: string }): Promise<void> {
    await press('link', 'Accounts');
    await page.getByLabel('Name', { exact: true }).fill(username);
    await page.getByLabel('Type').selectOption(fields.type ?? 'human');
    await page.getByLabel('Roles, separated by commas', { exact: true }).fill(fields.roles ?? '');
    if (fields.type !== 'system') await page.getByLabel('Password', { exact: true }).fill(password);
    await press('button', 'Create account');
    await says(`Created the account ${username}.`);
  }

  interface Rule {
    readonly roles?: string;
    readonly subject?: string;
    readonly actions: readonly string[];
    readonly repositories?: string;
  }

  async function addRule(rule: Rule): Promise<void> {
    await press('link', 'Policies');
    await press('link', 'New rule');
    await page.getByLabel('Roles, separated by commas (empty: any)', { exact: true }).fill(rule.roles ?? '');
    await page.getByLabel('Account, by name or UUID').fill(rule.subject ?? '');
    await saveRule(rule);
  }

  async function saveRule({ actions, repositories = '' }: Rule): Promise<void> {
    for (const action of actions) await page.getByRole('checkbox', { name: `registry:${action}` }).check();
    await page.getByLabel('Repositories, one pattern').fill(repositories);
    await press('button', 'Save rule');
    await says('Created rule');
  }

  /** On the page that the creation of an account leads to. */
  async function addToken(
    name: string,
    limits: { actions?: readonly string[]; repositories?: string },
  ): Promise<string> {
    await page.getByLabel('Name', { exact: true }).fill(name);
    for (const action of limits.actions ?? []) await page.getByLabel(action, { exact: true }).check();
    await page.getByLabel('In the repositories').fill(limits.repositories ?? '');
    await press('button', 'Create token');
    await page.getByRole('heading', { name: `The secret of ${name}` }).waitFor();
    return (await page.locator('section:has(#secret) code').first().textContent()) ?? '';
  }

  test('three teams, two robots and a workflow take few steps, each of which leads to the next', async () => {
    for (const team of teams) {
      await addAccount(company[team], { roles: team });
      await addRule({ roles: team, actions: ['pull', 'push', 'delete'], repositories: `${team}/**` });
    }
    await addAccount('builder', { type: 'system' });
    robots.set('builder', await addToken('ci', { actions: ['pull', 'push'], repositories: 'web/**' }));
    await press('link', 'New rule for builder');
    await saveRule({ actions: ['pull', 'push'] });
    await addAccount('cluster', { type: 'system' });
    robots.set('cluster', await addToken('nodes', {}));
    await press('link', 'New rule for cluster');
    await saveRule({ actions: ['pull'] });
    await addRule({ subject: 'workload:release', actions: ['pull', 'push'], repositories: 'shop/**' });
    expect(steps).toBeLessThanOrEqual(mostSteps);
    await pushForTeams(stack.registry.client());
  });

  const allowed = (username: string, secret: string) => accessOf(stack.registry.client({ username, password: secret }));

  test('has teams that work in their own namespace, and in no other one', async () => {
    for (const team of teams)
      expect(await allowed(company[team], password)).toEqual([`pull ${team}`, `push ${team}`, `delete ${team}`]);
  });

  test('has robots and a workflow that do what their rules and tokens are for', async () => {
    expect(await allowed('builder', robots.get('builder')!)).toEqual(['pull web', 'push web']);
    expect(await allowed('cluster', robots.get('cluster')!)).toEqual(teams.map((team) => `pull ${team}`));
    const { username, password: token } = await workflow.job();
    expect(await allowed(username, token)).toEqual(['pull shop', 'push shop']);
    await expect(accessOf(stack.registry.client(await workflow.job('acme/app-evil')))).rejects.toThrow('401');
  });

  test('sees why the workflow may not push elsewhere, and revokes the token of the nodes', async () => {
    await page.goto('/policies');
    await page.getByLabel('Account', { exact: true }).fill('workload:release');
    await page.getByLabel('Wants to').selectOption('registry:push');
    await page.getByLabel('In', { exact: true }).fill('web/app');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.locator('#decision').getByText('denied', { exact: false }).first().waitFor();
    await page.goto('/tokens?all=1');
    await page.getByLabel('More for nodes').click();
    await page.getByRole('link', { name: 'Revoke… nodes' }).click();
    await page.getByRole('button', { name: 'Revoke the token' }).click();
    await says('Revoked the token');
    await expect(allowed('cluster', robots.get('cluster')!)).rejects.toThrow('401');
  });
});
