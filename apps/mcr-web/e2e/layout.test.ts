import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { look } from './_util/look.ts';
import { hostilePages, secret, seedHostile } from './_util/seed-hostile.ts';
import { seedSamples } from './_util/seed-samples.ts';
import { type Stack, startStack } from './_util/stack.ts';

describe.skipIf(!requireChromium())('with names of maximum length, text that turns around, and secrets', () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let digest = '';

  beforeAll(async () => {
    stack = await startStack();
    digest = await seedHostile(stack);
    await seedSamples(stack, 3);
    browser = await startBrowser();
    page = await newPage(browser, stack);
    await signIn(page, 'admin', stack.registry.adminPassword);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  test.each(hostilePages)('the $name has no overlaps, and scrolls down only', async ({ name, path, status }) => {
    const response = await page.goto(path.replace('DIGEST', digest));
    expect(response?.status()).toBe(status);
    await look(page, name.replaceAll(' ', '-'), { data: 'hostile' });
  });

  test.each([true, false])('secrets are shown only when asked for (JavaScript: %j)', async (javaScriptEnabled) => {
    const other = await newPage(browser, stack, { javaScriptEnabled });
    await signIn(other, 'admin', stack.registry.adminPassword, '/repositories/team/secret:latest');
    await other.getByText('PATH=/usr/bin:/bin').waitFor();
    const shown = () => other.getByText(secret).filter({ visible: true }).count();
    expect(await shown()).toBe(0);
    await other.locator('.env summary').first().click();
    expect(await shown()).toBe(1);
    await other.context().close();
  });
});
