import { buildImage, pushImage } from '@mcr/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { type Stack, startStack } from './_util/stack.ts';

describe.skipIf(!requireChromium())('forms in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stack = await startStack();
    browser = await startBrowser();
    const client = stack.registry.client();
    const image = await buildImage({ layers: [{ size: 1_000, seed: 'app' }] });
    for (let at = 1; at <= 6; at += 1) await pushImage(client, 'team/app', `v${at}`, image);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    page = await newPage(browser, stack);
    onTestFinished(() => page.context().close());
    await signIn(page, 'admin', stack.registry.adminPassword, '/repositories/team/app');
  });

  test('a form is submitted once, however often its button is pressed', async () => {
    await page.goto('/delete-tags/team/app?tag=v1&tag=v2');
    const sent = await page.evaluate<number>(`(() => {
      let sent = 0;
      addEventListener('submit', (event) => {
        sent += event.defaultPrevented ? 0 : 1;
        event.preventDefault();
      });
      for (let at = 0; at < 3; at += 1) document.querySelector('main .btn--bad').click();
      return sent;
    })()`);
    expect(sent).toBe(1);
    await page.locator('main .btn--bad:disabled[aria-busy=true]').waitFor();
  });

  test('a double click deletes once', async () => {
    await page.goto('/delete-tags/team/app?tag=v1&tag=v2');
    await page.getByRole('button', { name: 'Delete 2 tags' }).dblclick();
    await page.getByText('Deleted 2 tags and 0 manifests.').waitFor();
  });

  test.each([true, false])(
    'what was entered is there again after a session that has expired, and was not sent (JavaScript: %j)',
    async (javaScriptEnabled) => {
      page = await newPage(browser, stack, { javaScriptEnabled });
      await signIn(page, 'admin', stack.registry.adminPassword, '/policies/new');
      await page.getByLabel('Description').fill('CI may pull, <b>bold</b>');
      await page.getByLabel('system').check();
      await page.getByLabel('registry:pull').check();
      const cookies = await page.context().cookies();
      await page.context().clearCookies();
      await page.context().addCookies(cookies.filter(({ name }) => !name.includes('session')));
      await page.getByRole('button', { name: 'Save rule' }).click();
      await page.getByText('The session has expired, and nothing was sent.').waitFor();
      await page.getByLabel('Name', { exact: true }).fill('admin');
      await page.getByLabel('Password', { exact: true }).fill(stack.registry.adminPassword);
      await page.getByRole('button', { name: 'Sign in' }).click();
      if (!javaScriptEnabled) await page.getByRole('button', { name: 'Show the form' }).click();
      await page.getByText('What you entered is here again; it was not sent.').waitFor();
      expect(await page.getByLabel('Description').inputValue()).toBe('CI may pull, <b>bold</b>');
      expect(await page.getByLabel('system').isChecked()).toBe(true);
      expect(await page.getByLabel('registry:push').isChecked()).toBe(false);
      await page.getByRole('button', { name: 'Save rule' }).click();
      await page.getByText('Created rule').waitFor();
      await page.goto('/policies/new');
      expect(await page.getByLabel('Description').inputValue()).toBe('');
      await page.context().close();
    },
  );

  test('going back from a preview restores the selection, and the button works', async () => {
    await page.getByLabel('Select v3', { exact: true }).check();
    await page.getByLabel('Select v4', { exact: true }).check();
    await page.getByRole('button', { name: 'Delete selected tags' }).click();
    await page.getByRole('heading', { name: 'Delete 2 tags' }).waitFor();
    await page.goBack();
    expect(await page.getByLabel('Select v3', { exact: true }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Delete selected tags' }).click();
    await page.getByRole('heading', { name: 'Delete 2 tags' }).waitFor();
  });
});
