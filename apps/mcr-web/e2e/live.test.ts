import { buildImage, pushImage } from '@mcr/testkit';
import type { Page, Request } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { newPage, openAccountMenu, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { look } from './_util/look.ts';
import { startStack } from './_util/stack.ts';

const patience = { interval: 50, timeout: 45_000 };

/** Browsers without a window show all tabs; this one is told that it is behind another, or in front again. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} });
    document.dispatchEvent(new Event('visibilitychange'))`);
}

/** The streams that the pages of a visitor hold at the moment. */
function openStreams(page: Page): () => string[] {
  const open = new Set<Request>();
  const forget = (request: Request) => void open.delete(request);
  page
    .context()
    .on('request', (request) => void (request.resourceType() === 'eventsource' && open.add(request)))
    .on('requestfailed', forget)
    .on('requestfinished', forget);
  return () => [...open].map((request) => new URL(request.url()).pathname);
}

describe.skipIf(!requireChromium())('a user with two tabs', () => {
  test('sees pushes without reloading, by one stream, until they sign out', async () => {
    await using stack = await startStack();
    await using browser = await startBrowser();
    const client = stack.registry.client();
    const push = async (name: string, tag: string) =>
      await pushImage(client, name, tag, await buildImage({ layers: [{ size: 1_000, seed: tag }] }));
    await push('team/app', '1.0');
    const behind = await newPage(browser, stack);
    const streams = openStreams(behind);
    await signIn(behind, 'admin', stack.registry.adminPassword, '/repositories/team/app');
    const ofApp = '/live/repositories/team/app';
    await expect.poll(streams, patience).toEqual([ofApp]);

    const page = await behind.context().newPage();
    await page.goto('/repositories/team/app');
    await setHidden(behind, true);
    await expect.poll(streams, patience).toEqual([ofApp]);
    await page.getByLabel('Select 1.0').check();

    await push('team/app', '1.1');
    const news = page.locator('#news');
    await news.getByText('1.1 was pushed').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
    expect(await page.evaluate('document.activeElement.value')).toBe('1.0');
    await look(page, 'news');
    await news.getByRole('button', { name: 'Show' }).click();
    await page.locator('tbody tr').nth(1).waitFor();
    expect(await news.getByRole('button').count()).toBe(0);
    expect(await page.getByLabel('Select 1.0').isChecked()).toBe(true);
    await page.locator('.bulk__n').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');

    await page.goto('/');
    await expect.poll(streams, patience).toEqual(['/live/pushes']);
    await push('team/worker', '2.0');
    await news.getByText('team/worker was pushed').waitFor();
    await news.getByRole('button', { name: 'Show' }).click();
    await page.locator('tbody').getByText('team/worker').first().waitFor();

    await setHidden(page, true);
    await expect.poll(streams, patience).toEqual([]);
    await setHidden(behind, false);
    await behind.locator('#news').getByText('1.1 was pushed').waitFor();
    await openAccountMenu(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await behind.locator('#news').getByText('You are signed out').waitFor();
    await expect.poll(streams, patience).toEqual([]);
    await behind.locator('#news').getByRole('button', { name: 'Sign in' }).click();
    await behind.getByLabel('Password').waitFor();
  });
});
