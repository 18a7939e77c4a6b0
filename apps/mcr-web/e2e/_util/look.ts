import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';
import { layoutFaults } from './layout-faults.ts';

const pictures = fileURLToPath(new URL('../../../../test-output/mcr-web/', import.meta.url));
/** The window that tests use when they do something. */
export const wide = { width: 1280, height: 900 };
const themes = ['light', 'dark'] as const;
/** A small phone, a phone, a laptop, and a large screen; pictures are taken of the last three. */
const sizes = [
  { width: 360, height: 740 },
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
] as const;
const notPictured: number = sizes[0].width;
/** Neither the layout of phones nor the dark theme changes what is where: two of the four tell what all would. */
const checkedByAxe = ['390-dark', '1440-light'];
/** Chromium reads it in two thirds of the time that the readable one takes. */
const axeSource = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/** Passed checks are not reported, which saves much of the time. */
const axeOptions = JSON.stringify({ resultTypes: ['violations'], iframes: false, preload: false });

/** The data on the page, and since when nothing may have moved: what a click opens moves what is below it. */
export interface LookOptions {
  readonly data?: 'ordinary' | 'hostile';
  readonly shift?: 'since loading' | 'since now';
}

/**
 * Looks at a page in every size and both themes: nothing overlaps or leaves the window, nothing moved while it was
 * loading, and with ordinary data everything is readable and usable by WCAG. Pictures are kept in
 * `test-output/mcr-web/<data>`.
 */
export async function look(
  page: Page,
  name: string,
  { data = 'ordinary', shift = 'since loading' }: LookOptions = {},
): Promise<void> {
  expect({ name, shift: await layoutShift(page, shift) }).toEqual({ name, shift: 0 });
  const camera = await page.context().newCDPSession(page);
  for (const size of sizes) {
    const { width } = size;
    await page.setViewportSize(size);
    for (const colorScheme of themes) {
      await choose(page, colorScheme);
      const at = { name, width, colorScheme };
      expect({ ...at, faults: await layoutFaults(page) }).toEqual({ ...at, faults: [] });
      if (data === 'ordinary' && checkedByAxe.includes(`${width}-${colorScheme}`))
        expect({ ...at, found: await violations(page) }).toEqual({ ...at, found: [] });
    }
    if (width !== notPictured) await takePictures(page, camera, width, join(pictures, data), name);
  }
  await camera.detach();
  await page.setViewportSize(wide);
}

/**
 * The window becomes as high as the page: that takes a tenth of what pictures of a part that is not shown take. Chromium's own way
 * takes half of what Playwright's does, since it compresses less.
 * https://chromedevtools.github.io/devtools-protocol/tot/Page/#method-captureScreenshot
 */
async function takePictures(page: Page, camera: CDPSession, width: number, into: string, name: string): Promise<void> {
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width, height });
  for (const colorScheme of themes) {
    await choose(page, colorScheme);
    const folder = join(into, `${width}-${colorScheme}`);
    await mkdir(folder, { recursive: true });
    const { data } = await camera.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true });
    await writeFile(join(folder, `${name}.png`), Buffer.from(data, 'base64'));
  }
}

/** Without transitions, in the middle of which colors are those of no theme. */
async function choose(page: Page, colorScheme: (typeof themes)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
}

async function violations(page: Page): Promise<unknown> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axeSource);
  return await page.evaluate(`axe.run(document, ${axeOptions}).then(({ violations }) =>
    violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 200)) })))`);
}

/** What moved since the page began to load, and not because of input. https://web.dev/articles/cls */
async function layoutShift(page: Page, since: NonNullable<LookOptions['shift']>): Promise<number> {
  return await page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: 'layout-shift', buffered: ${since === 'since loading'} });
    requestAnimationFrame(() => setTimeout(() => resolve(sum)));
  })`);
}
