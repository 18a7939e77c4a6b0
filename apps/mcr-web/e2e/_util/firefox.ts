import { existsSync } from 'node:fs';
import { type Browser, launch, type Page } from 'puppeteer-core';

const executablePath = '/usr/bin/firefox-esr';
const navigationTimeoutMs = 45_000;

/** Whether tests in Firefox can run: `describe.skipIf(!requireFirefox())`. Throws under CI=true when it is missing. */
export function requireFirefox(): boolean {
  if (existsSync(executablePath)) return true;
  if (process.env['CI'] === 'true') throw new Error(`Install firefox-esr at ${executablePath} to test the web UI`);
  return false;
}

/**
 * Starts Firefox without a window. Playwright needs a build of its own, which Debian has not; Puppeteer speaks WebDriver
 * BiDi with any. https://pptr.dev/webdriver-bidi
 */
export async function startFirefox(): Promise<Browser> {
  return await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
    protocolTimeout: 180_000,
    timeout: 120_000,
  });
}

/** A page that collects what goes wrong in it. */
export async function newFirefoxPage(browser: Browser): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage();
  page.setDefaultTimeout(navigationTimeoutMs);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') problems.push(`${page.url()}: ${message.text()}`);
  });
  return { page, problems };
}
