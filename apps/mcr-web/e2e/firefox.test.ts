import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newFirefoxPage, requireFirefox, startFirefox } from './_util/firefox.ts';
import { layoutFaults } from './_util/layout-faults.ts';
import { seed } from './_util/seed.ts';
import { seedVersions } from './_util/seed-versions.ts';
import { type Stack, startStack } from './_util/stack.ts';

const phone = { width: 390, height: 844 };
const laptop = { width: 1440, height: 900 };
/** One page of each kind, and each tab. */
const paths: readonly string[] = [
  '/',
  '/repositories',
  '/repositories/team/app',
  '/repositories/team/labelled?view=readme',
  '/repositories/team/app?view=manifests',
  '/repositories/team/app:latest',
  '/repositories/team/labelled:latest',
  '/repositories/shop/checkout:1.11.4',
  '/compare/shop/checkout?b=1.11.4',
  '/delete-tags/team/app?tag=pr-1&tag=1.0',
  '/delete-repository/team/app',
  '/policies?who=admin&action=registry%3Apush&repository=team%2Fapp',
  '/policies/1',
  '/policies/1/delete',
  '/audit',
  '/storage',
  '/accounts',
  '/accounts/people',
  '/delegations',
  '/tokens?all=1',
  '/search?q=app',
  '/me',
  '/no-such-page',
];

describe.skipIf(!requireFirefox())('in Firefox', () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    stack = await startStack();
    await seed(stack);
    await seedVersions(stack);
    const rule = { priority: 5, effect: 'allow', actions: ['registry:pull'], account_types: ['system'] };
    const headers = { 'content-type': 'application/json' };
    await stack.registry.client().request('POST', '/v1/policy/rules', { headers, body: JSON.stringify(rule) });
    browser = await startFirefox();
    ({ page, problems } = await newFirefoxPage(browser));
    await page.setViewport(laptop);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  const go = (path: string) => page.goto(`${stack.url}${path}`);

  test('a person signs in, finds, copies, pastes and chooses a theme', async () => {
    await go('/login');
    await page.locator('[name=username]').fill('admin');
    await page.locator('[name=password]').fill(stack.registry.adminPassword);
    await page.locator('.btn--primary').click();
    await page.waitForSelector('html.js .rail__who');

    await page.keyboard.press('/');
    await page.waitForSelector('[data-omni]:focus');
    await page.keyboard.type('team/worker');
    await page.waitForSelector('.omni .hit[href="/repositories/team/worker"]');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('.omni .hit:focus');
    await page.keyboard.press('Enter');
    await untilAt(/^\/repositories\/team\/worker$/);

    await go('/repositories/team/labelled:latest');
    await page.locator('.aside .copy').click();
    await page.waitForSelector('[data-said=Copied]');
    await go('/repositories');
    await page.waitForSelector('html.js');
    await page.keyboard.down('Control');
    await page.keyboard.press('v');
    await page.keyboard.up('Control');
    await untilAt(/^\/repositories\/team\/labelled\/manifests\/sha256:[0-9a-f]{64}$/);

    await page.locator('.rail__who').click();
    await page.locator('.rail [name=theme][value=dark]').click();
    await page.waitForSelector('.rail [value=dark][aria-pressed=true]');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(13, 15, 18)');
    expect(problems.splice(0)).toEqual([]);
  });

  test('no page has overlaps, scrolls sideways or reports an error', async () => {
    for (const path of paths) {
      await go(path);
      expect(page.url()).toBe(`${stack.url}${path}`);
      for (const window of [phone, laptop]) {
        await page.setViewport(window);
        const at = { path, width: window.width };
        expect({ ...at, faults: await layoutFaults(page) }).toEqual({ ...at, faults: [] });
      }
    }
    expect(problems.splice(0)).toEqual([]);
  });

  /** Until a page is open, and its script has run. */
  async function untilAt(path: RegExp): Promise<void> {
    await expect
      .poll(async () => ((await page.$('html.js')) === null ? '' : new URL(page.url()).pathname), { timeout: 45_000 })
      .toMatch(path);
  }
});
