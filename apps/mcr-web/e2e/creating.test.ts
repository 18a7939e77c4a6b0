import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { look } from './_util/look.ts';
import { type Stack, startStack } from './_util/stack.ts';

describe.skipIf(!requireChromium())('on the page of its list', () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stack = await startStack();
    browser = await startBrowser();
    page = await newPage(browser, stack);
    await signIn(page, 'admin', stack.registry.adminPassword, '/policies');
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  /** The page stays the same document; the script is ready. */
  async function open(path: string): Promise<void> {
    await page.goto(path);
    await page.evaluate('window.isSame = true');
  }
  const isSame = async () => expect(await page.evaluate('window.isSame')).toBe(true);
  const isFocused = async (target: Locator) => await target.and(page.locator(':focus')).waitFor();
  const path = () => new URL(page.url()).pathname;

  test('a rule is created with a keyboard, and its row has the focus', async () => {
    await open('/policies');
    const link = page.getByRole('link', { name: 'New rule' });
    await link.press('Enter');
    await isFocused(page.getByLabel('Description'));
    expect(path()).toBe('/policies/new');
    await look(page, 'policies-new-rule', { shift: 'since now' });
    await page.keyboard.press('Escape');
    await isFocused(link);
    expect(await page.locator('#new-rule form').count()).toBe(0);
    expect(path()).toBe('/policies');

    await link.press('Enter');
    await isFocused(page.getByLabel('Description'));
    await page.keyboard.type('CI may pull');
    await page.getByLabel('Account, by name or UUID').fill('no-account');
    await page.keyboard.press('Enter');
    await page.locator('#new-rule [role=alert]').waitFor();
    await isFocused(page.getByLabel('Description'));
    expect(await page.getByLabel('Description').inputValue()).toBe('CI may pull');
    expect(await page.locator('#list').count()).toBe(1);
    await page.getByLabel('Account, by name or UUID').fill('admin');
    await page.keyboard.press('Enter');
    await page
      .locator('#flash')
      .getByText(/Created rule \d+\./)
      .waitFor();
    await isFocused(page.getByRole('row', { name: /CI may pull/ }));
    expect(await page.locator('#new-rule form').count()).toBe(0);
    expect(path()).toBe('/policies');
    await isSame();
    await look(page, 'policies-created', { shift: 'since now' });
  });

  test('accounts and delegations are created, and their rows have the focus', async () => {
    await open('/accounts');
    await page.getByLabel('Name', { exact: true }).fill('ann');
    await page.getByLabel('Password', { exact: true }).fill('the password of ann');
    await page.getByLabel('Roles, separated').fill('Not, A Role!');
    await page.keyboard.press('Enter');
    await page.locator('#create-form [role=alert]').waitFor();
    await page.getByLabel('Roles, separated').fill('user');
    await page.getByLabel('Password', { exact: true }).fill('the password of ann');
    await page.keyboard.press('Enter');
    await page.locator('#flash').getByText('Created the account ann.').waitFor();
    await isFocused(page.getByRole('row', { name: /ann/ }));
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('');
    await isSame();

    await open('/delegations?account=ann');
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await page.getByLabel('Repositories').fill('team-x/**');
    await page.getByRole('button', { name: 'Grant' }).dblclick();
    await page.locator('#flash').getByText('ann manages rules and tokens of team-x/**.').waitFor();
    await isFocused(page.getByRole('row', { name: /team-x/ }));
    expect(sent).toHaveLength(1);
    expect(page.url()).toBe(`${stack.url}/delegations`);
    await isSame();
  });

  test('a token is created, and its secret has the focus', async () => {
    await open('/tokens');
    await page.getByLabel('Name', { exact: true }).fill('deploy');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The secret of deploy' }).waitFor();
    await isFocused(page.locator('#secret-place > div'));
    await page.getByRole('row', { name: /deploy/ }).waitFor();
    await isSame();
    await look(page, 'tokens-created', { shift: 'since now' });
  });

  test('a rule that was typed in before the session expired is there again on a page of its own', async () => {
    await open('/policies');
    await page.getByRole('link', { name: 'New rule' }).click();
    await page.getByLabel('Description').fill('Typed before');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByLabel('Name', { exact: true }).fill('admin');
    await page.getByLabel('Password', { exact: true }).fill(stack.registry.adminPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('What you entered is here again; it was not sent.').waitFor();
    expect(await page.getByLabel('Description').inputValue()).toBe('Typed before');
  });

  test('without JavaScript each is created by pages of its own', async () => {
    const plain = await newPage(browser, stack, { javaScriptEnabled: false });
    await signIn(plain, 'admin', stack.registry.adminPassword, '/policies');
    await plain.getByRole('link', { name: 'New rule' }).click();
    await plain.getByRole('heading', { level: 1, name: 'New rule' }).waitFor();
    await plain.getByLabel('Description').fill('Without a script');
    await plain.getByLabel('system').check();
    await plain.getByRole('button', { name: 'Save rule' }).click();
    await plain.getByText(/Created rule \d+\./).waitFor();
    await plain.goto('/delegations?account=ann');
    await plain.getByLabel('Repositories').fill('team-y/**');
    await plain.getByRole('button', { name: 'Grant' }).click();
    await plain.getByText('ann manages rules and tokens of team-y/**.').waitFor();
    await plain.context().close();
  });
});
