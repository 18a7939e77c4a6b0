import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { type Seed, seed } from './_util/seed.ts';
import { type Stack, startStack } from './_util/stack.ts';

const pictures = fileURLToPath(new URL('../../../test-output/mcr-web/', import.meta.url));
const wide = { width: 1280, height: 900 };
const narrow = { width: 360, height: 740 };
const looks = [
  ['light-wide', 'light', wide],
  ['dark-wide', 'dark', wide],
  ['light-narrow', 'light', narrow],
  ['dark-narrow', 'dark', narrow],
] as const;

describe.skipIf(!requireChromium())('every page, light and dark, wide and narrow', () => {
  let stack: Stack;
  let browser: Browser;
  let seeded: Seed;
  let page: Page;

  beforeAll(async () => {
    for (const [look] of looks) await mkdir(join(pictures, look), { recursive: true });
    stack = await startStack();
    seeded = await seed(stack);
    browser = await startBrowser();
    page = await newPage(browser, stack);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  /** Takes a picture in each look; nothing may be hard to read or to use, and nothing wider than the window. */
  async function visit(name: string, path: string): Promise<void> {
    await page.goto(path);
    for (const [look, colorScheme, size] of looks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      await page.screenshot({ path: join(pictures, look, `${name}.png`), fullPage: true });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      const found = violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 200)) }));
      expect({ look, found }).toEqual({ look, found: [] });
      const root = 'document.documentElement';
      expect(await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`)).toBeLessThanOrEqual(0);
    }
  }

  test('sign in, and what a new registry shows', async () => {
    await visit('login', '/login');
    await page.setViewportSize(wide);
    await signIn(page, 'admin', stack.registry.adminPassword, '/policies/new');
    await page.getByLabel('Description').fill('CI may pull');
    await page.getByLabel('system').check();
    await page.getByLabel('registry:pull').check();
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
    ['repository-manifests', () => '/repositories/team/app?view=manifests'],
    ['tag-index', () => '/repositories/team/app:latest'],
    ['manifest-image', () => `/repositories/team/app/manifests/${seeded.image}`],
    ['manifest-labelled', () => '/repositories/team/labelled:latest'],
    ['delete-tags', () => '/delete-tags/team/app?tag=pr-1&tag=1.0'],
    ['delete-repository', () => '/delete-repository/team/app'],
    ['policies', () => '/policies?who=admin&action=registry%3Apush&repository=team%2Fapp'],
    ['rule', () => '/policies/1'],
    ['rule-new', () => '/policies/new'],
    ['rule-delete', () => '/policies/1/delete'],
    ['audit', () => '/audit'],
    ['storage', () => '/storage'],
    ['accounts', () => '/accounts'],
    ['me', () => '/me'],
    ['not-found', () => '/repositories/no/such:tag'],
    ['no-page', () => '/no-such-page'],
  ])('%s', async (name, path) => {
    await visit(name, path());
  });

  test('access denied, and a registry that does not answer', async () => {
    const { username, password } = await stack.registry.addAccount('grace');
    await page.context().clearCookies();
    await page.setViewportSize(wide);
    await signIn(page, username, password);
    await visit('overview-person', '/');
    await visit('denied', '/audit');
    await stack.registry.stop();
    await visit('unreachable', '/');
  });
});
