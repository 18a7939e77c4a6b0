import type { OidcProvider } from '@mcr/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { newPage, openAccountMenu, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { type Stack, startStack } from './_util/stack.ts';
import { signInAtProvider, startProviderOf } from './_util/with-provider.ts';

describe.skipIf(!requireChromium())('a sign-in at a provider, in a browser', () => {
  const resources = new AsyncDisposableStack();
  let stack: Stack;
  let provider: OidcProvider;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stack = resources.use(await startStack());
    provider = resources.use(await startProviderOf(stack));
    provider.people.set('ann', { groups: ['operators'] });
    browser = await startBrowser();
    resources.defer(() => browser.close());
  });
  afterAll(() => resources.disposeAsync());
  beforeEach(async () => {
    page = await newPage(browser, stack);
    onTestFinished(() => page.context().close());
  });

  test('leads to the page that was asked for, with the roles of its groups, and out again at the provider', async () => {
    await page.goto('/accounts');
    await page.getByRole('link', { name: 'Sign in with Acme' }).click();
    const cookies = await page.context().cookies(stack.url);
    expect(cookies.find(({ name }) => name === '__Host-mcr-sign-in')).toMatchObject({
      sameSite: 'Lax',
      secure: true,
      httpOnly: true,
    });
    await signInAtProvider(page, 'ann');
    // Pages that lead on by themselves end a load before its end: what the last one shows is waited for, not its URL.
    await page.locator('.rail__who').waitFor();
    expect(page.url()).toBe(`${stack.url}/accounts`);
    expect((await page.context().cookies(stack.url)).map(({ name }) => name)).not.toContain('__Host-mcr-sign-in');
    await openAccountMenu(page);
    await page.getByText('ann').first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('button[name=logout]').click();
    await page.getByRole('link', { name: 'Sign in with Acme' }).waitFor();
    expect(page.url().split('?')[0]).toBe(`${stack.url}/login`);
    await page.getByRole('link', { name: 'Sign in with Acme' }).click();
    await page.locator('input[name=password]').waitFor();
  });

  test('tells a person who may not sign in why, beside the form', async () => {
    await page.goto('/login');
    await page.getByRole('link', { name: 'Sign in with Acme' }).click();
    await signInAtProvider(page, 'stranger');
    await page.getByText('You may not use this registry; ask its administrator.').waitFor();
    await page.getByLabel('Password').waitFor();
  });

  test('says so when it was begun elsewhere', async () => {
    const response = await page.goto('/login/callback?code=x&state=y');
    expect(response?.status()).toBe(401);
    await page.getByText('This sign-in has expired or was begun in another browser.').waitFor();
  });

  test('ends when an admin blocks the person in the UI, without JavaScript, until they are unblocked', async () => {
    provider.people.set('bob', { groups: ['operators'] });
    await page.goto('/tokens');
    await page.getByRole('link', { name: 'Sign in with Acme' }).click();
    await signInAtProvider(page, 'bob');
    await page.locator('.rail__who').waitFor();

    const admin = await newPage(browser, stack, { javaScriptEnabled: false });
    await signIn(admin, 'admin', stack.registry.adminPassword, '/accounts');
    const change = async (verb: 'Block' | 'Unblock', then: string) => {
      await admin.getByRole('link', { name: 'People from providers' }).click();
      await admin.getByLabel('More for bob').click();
      await admin.getByRole('link', { name: `${verb}… bob` }).click();
      await admin.getByRole('button', { name: /person$/ }).click();
      await admin.getByText(then).waitFor();
    };
    await change('Block', 'bob is blocked');
    await page.reload();
    await page.getByRole('link', { name: 'Sign in with Acme' }).click();
    await page.getByText('Your account is blocked').waitFor();
    await change('Unblock', 'bob may sign in again');
    await page.getByRole('link', { name: 'Sign in with Acme' }).click();
    await page.locator('.rail__who').waitFor();
    await admin.context().close();
  });

  test('is 503 while the provider is down, and local accounts sign in', async () => {
    await provider.stop();
    await stack.registry.restart();
    const response = await page.goto('/login?sso=corp');
    expect(response?.status()).toBe(503);
    await page.getByText('The identity provider is unavailable', { exact: false }).waitFor();
    await signIn(page, 'admin', stack.registry.adminPassword);
  });
});
