import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
const navigationTimeoutMs = 45_000;

/** As root, and without Chromium's own traffic, which fails in a closed network. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether browser tests can run: `describe.skipIf(!requireChromium())`. Throws under CI=true when it is missing. */
export function requireChromium(): boolean {
  if (existsSync(executablePath)) return true;
  if (process.env['CI'] === 'true') throw new Error(`Install chromium at ${executablePath} to test the web UI`);
  return false;
}

/** Starts a browser without a window. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath, args, headless: true });
}

/** A page of a new visitor, who trusts the authority of the test. */
export async function newPage(
  browser: Browser,
  { url }: { readonly url: string },
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: url, ...options });
  context.setDefaultTimeout(navigationTimeoutMs);
  return await context.newPage();
}

/** Signs in, and waits for the page that follows. */
export async function signIn(page: Page, username: string, password: string, path = '/'): Promise<void> {
  await page.goto(`/login?${new URLSearchParams({ next: path }).toString()}`);
  await page.getByLabel('Name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.app').waitFor();
}

/** Opens the menu with the user's own page, the colors and the way out. */
export async function openAccountMenu(page: Page): Promise<void> {
  await page.locator('.rail__who').click();
}
