import { buildImage, pushImage } from '@mcr/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { look } from './_util/look.ts';
import { type Stack, startStack } from './_util/stack.ts';

const password = 'the password of the lead of team-x';

describe.skipIf(!requireChromium())('a part of the repositories is handed to the lead of a team', () => {
  let stack: Stack;
  let browser: Browser;
  let admin: Page;
  let lead: Page;

  beforeAll(async () => {
    stack = await startStack();
    const image = await buildImage({ layers: [{ size: 10 }] });
    for (const name of ['team-x/app', 'prod/app']) await pushImage(stack.registry.client(), name, 'v1', image);
    browser = await startBrowser();
    [admin, lead] = [await newPage(browser, stack), await newPage(browser, stack)];
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  test('by an admin, from the accounts', async () => {
    await signIn(admin, 'admin', stack.registry.adminPassword, '/accounts');
    for (const [name, type] of [
      ['ann', 'human'],
      ['x-bot', 'system'],
    ] as const) {
      const form = admin.locator('section[aria-labelledby=create]');
      await form.getByLabel('Name').fill(name);
      await form.getByLabel('Type').selectOption(type);
      await form.getByLabel('Password').fill(password);
      await form.getByRole('button', { name: 'Create account' }).click();
      await admin.getByText(`Created the account ${name}.`).waitFor();
    }
    await admin.goto('/delegations?account=ann');
    const pattern = admin.locator('section[aria-labelledby=create]').getByLabel('Repositories');
    await pattern.fill('**');
    await admin.getByRole('button', { name: 'Grant' }).click();
    await admin.getByRole('alert').filter({ hasText: 'cannot be delegated' }).waitFor();
    await look(admin, 'delegations-problem');
    await pattern.fill('team-x/**');
    await admin.getByRole('button', { name: 'Grant' }).click();
    await admin.getByText('ann manages rules and tokens of team-x/**.').waitFor();
    await look(admin, 'delegations');
    await admin.goto('/policies/new');
    await admin.getByLabel('Description').fill('Nobody deletes the base');
    await admin.getByLabel('Effect').selectOption('deny');
    await admin.getByLabel('registry:delete').check();
    await admin.getByLabel('Repositories, one pattern per line').fill('team-x/base/**');
    await admin.getByRole('button', { name: 'Save rule' }).click();
    await admin.getByText('Created rule').waitFor();
  });

  test('who writes rules there, is told what is beyond, and gives the robot a token', async () => {
    await signIn(lead, 'ann', password, '/policies/new');
    await lead.getByLabel('Description').fill('The robot pushes');
    await lead.getByLabel('Account, by name or UUID').fill('x-bot');
    for (const action of ['registry:pull', 'registry:push']) await lead.getByLabel(action).check();
    await lead.getByLabel('Repositories, one pattern per line').fill('prod/**');
    await lead.getByRole('button', { name: 'Save rule' }).click();
    await lead.getByRole('alert').filter({ hasText: '"prod/**" is beyond team-x/**.' }).waitFor();
    await look(lead, 'rule-delegate');
    await lead.getByLabel('Repositories, one pattern per line').fill('team-x/**');
    await lead.getByRole('button', { name: 'Save rule' }).click();
    await lead.getByText('Created rule').waitFor();
    expect(await lead.getByRole('link', { name: 'The robot pushes' }).count()).toBe(1);
    expect(await lead.getByText('Nobody deletes the base').count()).toBe(1);
    expect(await lead.getByRole('link', { name: 'Nobody deletes the base' }).count()).toBe(0);
    await look(lead, 'policies-delegate');

    await lead.goto('/tokens?account=x-bot');
    await look(lead, 'tokens-delegate');
    const form = lead.locator('section[aria-labelledby=create]');
    await form.getByLabel('Name').fill('deploy');
    await form.getByLabel('Account', { exact: true }).fill('x-bot');
    await form.getByLabel('push', { exact: true }).check();
    await form.getByLabel('In the repositories').fill('team-x/**');
    await form.getByRole('button', { name: 'Create token' }).click();
    await lead.getByText('The secret of deploy').waitFor();
    await lead.goto('/tokens?account=x-bot');
    expect(await lead.getByText('push in team-x/**').count()).toBe(1);
  });

  test('and reads the audit log of it', async () => {
    await lead.goto('/audit');
    await lead.locator('#results').getByText('team-x/app').first().waitFor();
    expect(await lead.getByText('prod/app').count()).toBe(0);
    await look(lead, 'audit-delegate');
    const response = await lead.goto('/audit?repository=prod/app');
    expect(response?.status()).toBe(404);
    await lead.getByText('it does not cover "prod/app"').waitFor();
  });

  test('until an admin takes it away', async () => {
    await admin.goto('/delegations');
    await admin.getByLabel('More for ann and team-x/**').click();
    await admin.getByRole('link', { name: 'Take away… team-x/** from ann' }).click();
    await admin.getByText('1 rule of ann stays in force').waitFor();
    await look(admin, 'delegation-delete');
    await admin.getByRole('button', { name: 'Take the delegation away' }).click();
    await admin.getByText(/ann no longer manages team-x\/\*\*\. Rules of the account stay in force: \d+\./).waitFor();
    const response = await lead.goto('/policies');
    expect(response?.status()).toBe(403);
    await lead.getByText('Requires the admin role').waitFor();
  });
});
