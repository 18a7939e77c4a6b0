import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { look, wide } from './_util/look.ts';
import { type Seed, seed } from './_util/seed.ts';
import { seedSamples } from './_util/seed-samples.ts';
import { seedVersions } from './_util/seed-versions.ts';
import { type Stack, startStack } from './_util/stack.ts';
import { signInAtProvider, startProviderOf } from './_util/with-provider.ts';

describe.skipIf(!requireChromium())('every page, light and dark, wide and narrow', () => {
  let stack: Stack;
  let browser: Browser;
  let seeded: Seed;
  let attached: ReadonlyMap<string, string>;
  let page: Page;

  beforeAll(async () => {
    stack = await startStack();
    seeded = await seed(stack);
    await seedSamples(stack);
    attached = await seedVersions(stack);
    browser = await startBrowser();
    page = await newPage(browser, stack);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  async function visit(name: string, path: string): Promise<void> {
    await page.goto(path);
    await look(page, name);
  }

  test('sign in, and an empty registry', async () => {
    await page.setViewportSize(wide);
    await visit('login', '/login');
    await signIn(page, 'admin', stack.registry.adminPassword, '/policies');
    await look(page, 'policies-empty');
    await page.getByRole('link', { name: 'New rule' }).click();
    await page.getByLabel('Description').fill('CI may pull');
    await page.getByRole('checkbox', { name: 'system' }).check();
    await page.getByRole('checkbox', { name: 'registry:pull' }).check();
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Created rule').waitFor();
    await visit('storage-empty', '/storage');
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.locator('#collection [role=status]').getByText('completed').waitFor();
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    await page.getByText('Wrote mcr-').waitFor();
  });

  test.each([
    ['overview', () => '/'],
    ['repositories', () => '/repositories'],
    ['repositories-none', () => '/repositories?q=nothing-like-it'],
    ['repository', () => '/repositories/team/app'],
    ['repository-filtered', () => '/repositories/team/app?q=pr-*&signed=no'],
    ['repository-readme', () => '/repositories/team/labelled?view=readme'],
    ['repository-readme-none', () => '/repositories/team/app?view=readme'],
    ['delete-tags-matching', () => '/delete-tags/team/app?all=1&q=pr-*'],
    ['repository-layers', () => '/repositories/team/app?view=layers'],
    ['repository-manifests', () => '/repositories/team/app?view=manifests'],
    ['tag-index', () => '/repositories/team/app:latest'],
    ['manifest-image', () => `/repositories/team/app/manifests/${seeded.image}`],
    ['manifest-labelled', () => '/repositories/team/labelled:latest'],
    ['tag-attached', () => '/repositories/shop/checkout:1.11.4'],
    ['attached-spdx', () => `/repositories/shop/checkout/manifests/${attached.get('spdx')}`],
    ['attached-cyclonedx', () => `/repositories/shop/checkout/manifests/${attached.get('cyclonedx')}`],
    ['attached-sarif', () => `/repositories/shop/checkout/manifests/${attached.get('sarif')}`],
    ['attached-attestation', () => `/repositories/shop/checkout/manifests/${attached.get('attestation')}`],
    ['attached-signature', () => `/repositories/shop/checkout/manifests/${attached.get('signature')}`],
    ['file', () => attached.get('file') ?? ''],
    ['compare', () => '/compare/shop/checkout?b=1.11.4'],
    ['compare-none', () => '/compare/mirror/debian'],
    ['delete-tags', () => '/delete-tags/team/app?tag=pr-1&tag=1.0'],
    ['delete-repository', () => '/delete-repository/team/app'],
    ['policies', () => '/policies?who=admin&action=registry%3Apush&repository=team%2Fapp'],
    ['rule', () => '/policies/1'],
    ['rule-new', () => '/policies/new'],
    ['rule-delete', () => '/policies/1/delete'],
    ['audit', () => '/audit'],
    ['storage', () => '/storage'],
    ['accounts', () => '/accounts'],
    ['people-none', () => '/accounts/people'],
    ['tokens-none', () => '/tokens'],
    ['search', () => '/search?q=app'],
    ['search-none', () => '/search?q=nothing-like-it'],
    ['me', () => '/me'],
    ['repository-no-tag', () => '/repositories/team/app?q=nothing-like-it'],
    ['policies-problem', () => '/policies?who=nobody-like-it&action=registry%3Apull'],
    ['audit-none', () => '/audit?type=snapshot_created&to=2020-01-01'],
    ['bad-request', () => '/repositories?page=no-token'],
    ['not-found', () => '/repositories/no/such:tag'],
    ['no-page', () => '/no-such-page'],
  ])('%s', async (name, path) => {
    await visit(name, path());
  });

  test('rejected forms', async () => {
    const problem = () => page.locator('main form [role=alert]');
    await page.goto('/policies/new');
    await page.getByLabel('Account, by name or UUID').fill('no-account');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await problem().waitFor();
    await look(page, 'rule-problem');
    await page.goto('/accounts');
    await page.getByLabel('Name', { exact: true }).fill('admin');
    await page.getByLabel('Password', { exact: true }).fill('long enough');
    await page.getByRole('button', { name: 'Create account' }).click();
    await problem().waitFor();
    await look(page, 'accounts-problem');
    await page.getByLabel('More for admin').click();
    await page.getByRole('link', { name: /Reset password… of admin/ }).click();
    await page.getByLabel('New password of admin').waitFor();
    await look(page, 'accounts-reset');
    await page.evaluate("document.querySelector('main .row-form [name=csrf]').value = 'old'");
    await page.getByLabel('New password of admin').fill('long enough');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByRole('heading', { name: 'The form was not accepted' }).waitFor();
    await look(page, 'form-rejected');
    await page.getByRole('link', { name: 'Open the page again' }).click();
    await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  });

  test('tokens', async () => {
    await page.goto('/tokens');
    const create = async (name: string, patterns: string) => {
      await page.getByLabel('Name', { exact: true }).fill(name);
      await page.getByLabel('pull', { exact: true }).check();
      await page.getByLabel('In the repositories').fill(patterns);
      await page.getByRole('button', { name: 'Create token' }).click();
    };
    await create('deploy', 'team/**');
    await page.getByRole('heading', { name: 'The secret of deploy' }).waitFor();
    await look(page, 'tokens-secret');
    await create('laptop', 'team//app');
    await page.locator('main form [role=alert]').waitFor();
    await look(page, 'tokens-problem');
    await visit('tokens', '/tokens?all=1');
    await page.getByLabel('More for deploy').click();
    await page.getByRole('link', { name: 'Rotate… deploy' }).click();
    await page.getByRole('heading', { name: 'Rotate deploy' }).waitFor();
    await look(page, 'token-rotate');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByLabel('More for deploy').click();
    await page.getByRole('link', { name: 'Revoke… deploy' }).click();
    await page.getByRole('heading', { name: 'Revoke deploy' }).waitFor();
    await look(page, 'token-revoke');
  });

  test('people of a provider', async () => {
    await using provider = await startProviderOf(stack, 'roles = { release = { groups = "operators" } }');
    provider.people.set('ann', { groups: ['operators'] });
    // The longest name that a provider may give.
    provider.people.set('long', { username: 'n'.repeat(128) });
    for (const login of ['ann', 'long']) {
      const other = await newPage(browser, stack);
      await other.goto('/login');
      if (login === 'ann') await look(other, 'login-with-provider');
      await other.getByRole('link', { name: 'Sign in with Acme' }).click();
      await signInAtProvider(other, login);
      await other.locator('.rail__who').waitFor();
      if (login === 'ann') {
        await other.goto('/me');
        await look(other, 'me-of-a-person');
      }
      await other.context().close();
    }
    const ask = async (verb: string, name: string) => {
      await page.goto('/accounts/people');
      await page.getByLabel(`More for ${name}`).click();
      await page.getByRole('link', { name: `${verb}… ${name}` }).click();
      await page.getByRole('heading', { name: `${verb} ${name}?` }).waitFor();
    };
    await ask('Block', 'ann');
    await look(page, 'person-block');
    await page.getByRole('button', { name: 'Block this person' }).click();
    await page.getByText('ann is blocked').waitFor();
    await ask('Unblock', 'ann');
    await look(page, 'person-unblock');
    await ask('Delete', 'n'.repeat(128));
    await look(page, 'person-delete');
    await visit('people', '/accounts/people');
  });

  test('help', async () => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Keyboard' }).click();
    await page.getByRole('dialog').waitFor();
    await look(page, 'help');
  });

  test('access denied, and a registry that does not respond', async () => {
    const { username, password } = await stack.registry.addAccount('grace');
    await page.context().clearCookies();
    await signIn(page, username, password);
    await visit('overview-person', '/');
    await visit('denied', '/audit');
    await stack.registry.stop();
    await page.goto('/');
    // The page reloads after some seconds; an empty response leaves it as it is.
    await page.route(`${stack.url}/`, (route) => route.fulfill({ status: 204 }));
    await look(page, 'unreachable');
  });
});
