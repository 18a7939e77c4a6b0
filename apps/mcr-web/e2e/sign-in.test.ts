import { appendFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OidcProvider, startOidcProvider } from '@mcr/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { newPage, openAccountMenu, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { type Stack, startStack } from './_util/stack.ts';

describe.skipIf(!requireChromium())('a sign-in at a provider, in a browser', () => {
  const resources = new AsyncDisposableStack();
  let stack: Stack;
  let provider: OidcProvider;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stack = resources.use(await startStack());
    const redirectUris = [`${stack.url}/login/callback`];
    provider = resources.use(await startOidcProvider({ redirectUris, postLogoutRedirectUris: [`${stack.url}/login`] }));
    provider.people.set('ann', { groups: ['operators'] });
    const { registry } = stack;
    await writeFile(join(registry.directory, 'corp.crt'), provider.caPem);
    await writeFile(join(registry.directory, 'corp.secret'), provider.clientSecret, { mode: 0o600 });
    await appendFile(
      registry.configPath,
      `
[oidc.corp]
title = "Acme"
issuer = "${provider.issuer}"
client_id = "${provider.clientId}"
client_secret_file = "corp.secret"
redirect_url = "${redirectUris[0]}"
scopes = ["openid", "profile", "groups"]
roles = { admin = { groups = "operators" } }
require = { groups = "operators" }
ca_cert = "corp.crt"
`,
    );
    await registry.restart();
    // The login page remembers for some seconds that there was no provider.
    await untilOffered();
    browser = await startBrowser();
    resources.defer(() => browser.close());
  });
  afterAll(() => resources.disposeAsync());
  beforeEach(async () => {
    page = await newPage(browser, stack);
    onTestFinished(() => page.context().close());
  });

  const untilOffered = async () => {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      if ((await textOf(`${stack.url}/login`, stack.registry.ca)).includes('Sign in with Acme')) return;
      await sleep(500);
    }
    throw new Error('The login page offers no provider');
  };

  const atProvider = async (login: string) => {
    await page.locator('input[name=login]').fill(login);
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.locator('button[type=submit]').click();
  };

  test('leads to the page that was asked for, with the roles of its groups, and out again at the provider', async () => {
    await page.goto('/accounts');
    await page.getByRole('link', { name: 'Sign in with Acme' }).click();
    const cookies = await page.context().cookies(stack.url);
    expect(cookies.find(({ name }) => name === '__Host-mcr-sign-in')).toMatchObject({
      sameSite: 'Lax',
      secure: true,
      httpOnly: true,
    });
    await atProvider('ann');
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
    await atProvider('stranger');
    await page.getByText('You may not use this registry; ask its administrator.').waitFor();
    await page.getByLabel('Password').waitFor();
  });

  test('says so when it was begun elsewhere', async () => {
    const response = await page.goto('/login/callback?code=x&state=y');
    expect(response?.status()).toBe(401);
    await page.getByText('This sign-in has expired or was begun in another browser.').waitFor();
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

async function textOf(url: string, ca: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(url, { ca, agent: false }, (response) => resolve(text(response)))
    .on('error', reject)
    .end();
  return await promise;
}
