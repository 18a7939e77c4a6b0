import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestCa } from '@mcr/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Registry, rightPassword, startRegistry } from '../test/_util/registry.ts';
import { startWeb, type Web } from '../test/_util/web.ts';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { comparePictures, packPicture } from './_util/compare-pictures.ts';
import { now, pictureData } from './_util/picture-data.ts';

const expectedIn = fileURLToPath(new URL('pictures/', import.meta.url));
/** Where the picture and the difference are when a page looks different. */
const foundIn = fileURLToPath(new URL('../../../test-output/mcr-web/visual/', import.meta.url));
const isUpdate = process.env['MCR_TEST_UPDATE'] === 'true';
const window = { width: 1280, height: 900 };
const host = 'registry.example.com';

type Theme = 'light' | 'dark';
const pages: readonly (readonly [name: string, path: string, theme: Theme])[] = [
  ['login', '/login', 'light'],
  ['overview', '/', 'dark'],
  ['repositories', '/repositories', 'light'],
  ['repository', '/repositories/shop/checkout', 'dark'],
  ['policies', '/policies?who=mallory&action=registry%3Apush&repository=shop%2Fcart', 'light'],
  ['rule', '/policies/new?repositories=shop%2F**', 'dark'],
  ['accounts', '/accounts', 'dark'],
  ['tokens', '/tokens?all=1', 'light'],
  ['audit', '/audit', 'light'],
  ['storage', '/storage', 'dark'],
];

describe.skipIf(!requireChromium())('ten pages', () => {
  let registry: Registry;
  let web: Web;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const ca = await createTestCa();
    registry = await startRegistry(await ca.issue(), () => ({ publicUrl: `https://${host}` }), 0, pictureData);
    web = await startWeb({ ca, grpcPort: registry.port, publicUrl: `https://${host}`, clock: { now: () => now } });
    browser = await startBrowser();
    page = await newPage(browser, web, { viewport: window, timezoneId: 'UTC', locale: 'en-US' });
  });
  afterAll(async () => {
    await browser?.close();
    await web?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
  });

  const screenshot = () => page.screenshot({ animations: 'disabled', caret: 'hide' });

  async function take(path: string, theme: Theme): Promise<Buffer> {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.goto(path);
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    return await screenshot();
  }

  test.each(pages)('look as before: %s', async (name, path, theme) => {
    if (name === 'overview') await signIn(page, 'admin', rightPassword);
    const picture = await take(path, theme);
    const expected = join(expectedIn, `${name}.png`);
    if (isUpdate) await writeFile(expected, packPicture(picture));
    const { isTooMuch, pixels, picture: difference } = comparePictures(await readFile(expected), picture);
    if (isTooMuch) {
      await mkdir(foundIn, { recursive: true });
      await writeFile(join(foundIn, `${name}.png`), picture);
      await writeFile(join(foundIn, `${name}-difference.png`), difference);
    }
    expect({ name, isTooMuch, pixels: isTooMuch ? pixels : 0 }).toEqual({ name, isTooMuch: false, pixels: 0 });
  });

  test.each([
    ['a rail that has moved by four pixels', '.rail { translate: 4px }'],
    ['a button in another color', '.btn--primary { background: #7a1fa2 !important }'],
    ['a result that is missing', '.verdict { display: none }'],
    ['rows that are closer to each other', '.table td { padding-block: 6px !important }'],
  ])('would look different with %s', async (_what, css) => {
    const [name, path, theme] = pages.find(([one]) => one === 'policies')!;
    await take(path, theme);
    // The content security policy allows no style element, but the sheet of a script.
    await page.evaluate(`(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(${JSON.stringify(css)});
      document.adoptedStyleSheets = [sheet];
    })()`);
    const expected = await readFile(join(expectedIn, `${name}.png`));
    expect(comparePictures(expected, await screenshot()).isTooMuch).toBe(true);
  });
});
