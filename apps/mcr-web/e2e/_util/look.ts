import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const pictures = fileURLToPath(new URL('../../../../test-output/mcr-web/', import.meta.url));
/** The window that tests use when they do something. */
export const wide = { width: 1280, height: 900 };
const narrow = { width: 360, height: 740 };
const looks = [
  ['light-wide', 'light', wide],
  ['dark-wide', 'dark', wide],
  ['light-narrow', 'light', narrow],
  ['dark-narrow', 'dark', narrow],
] as const;
/** Passed checks are not reported, which saves much of the time. */
const onlyViolations = { resultTypes: ['violations' as const] };

/** Takes a screenshot of each look; everything must be readable and usable, and no wider than the window. */
export async function look(page: Page, name: string): Promise<void> {
  for (const [folder, colorScheme, size] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    await mkdir(join(pictures, folder), { recursive: true });
    await page.screenshot({ path: join(pictures, folder, `${name}.png`), fullPage: true });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().options(onlyViolations).analyze();
    const found = violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 200)) }));
    expect({ folder, found }).toEqual({ folder, found: [] });
    const root = 'document.documentElement';
    expect(await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`)).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(wide);
}
