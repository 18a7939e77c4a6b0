import { digestOf } from '@mcr/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { newPage, openAccountMenu, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { startForeignSite } from './_util/foreign-site.ts';
import { hostile, type Seed, seed } from './_util/seed.ts';
import { type Stack, startStack } from './_util/stack.ts';

describe.skipIf(!requireChromium())('in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  let seeded: Seed;
  let page: Page;

  beforeAll(async () => {
    stack = await startStack();
    seeded = await seed(stack);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    page = await newPage(browser, stack, { permissions: ['clipboard-read', 'clipboard-write'] });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) problems.push(message.text());
    });
    onTestFinished(async () => {
      await page.context().close();
      expect(problems).toEqual([]);
    });
  });

  const admin = (path = '/') => signIn(page, 'admin', stack.registry.adminPassword, path);
  const withScript = () => page.locator('html.js').waitFor();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: false });

  test('a wrong password is rejected, and the right one leads to the requested page', async () => {
    await page.goto('/repositories/team/app');
    await page.getByLabel('Name').fill('admin');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The name or the password is wrong.').waitFor();
    await page.getByLabel('Password').fill(stack.registry.adminPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading('team/app').waitFor();
  });

  test('a link from another site leads signed-in users to the page, and others back to it after the login', async () => {
    await using elsewhere = await startForeignSite(`${stack.url}/audit?type=login`);
    const stranger = await newPage(browser, stack);
    await stranger.goto(elsewhere.url);
    await stranger.getByRole('link', { name: 'Follow' }).click();
    await stranger.getByLabel('Name').fill('admin');
    await stranger.getByLabel('Password').fill(stack.registry.adminPassword);
    await stranger.getByRole('button', { name: 'Sign in' }).click();
    await stranger.waitForURL(`${stack.url}/audit?type=login`);
    await stranger.context().close();

    await admin('/me');
    const other = await page.context().newPage();
    await other.goto(elsewhere.url);
    await other.getByRole('link', { name: 'Follow' }).click();
    await other.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
    // The form of the first tab still works.
    await openAccountMenu(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading('Sign in').waitFor();
  });

  test('the search field is reached and used by keyboard, with a pasted command and with a short digest', async () => {
    await admin();
    await withScript();
    const hit = (text: string) => page.locator('.omni .hit').filter({ hasText: text });
    const focused = page.locator('.omni .hit:focus');
    await page.keyboard.press('/');
    await page.locator('[data-omni]:focus').waitFor();
    await page.keyboard.insertText(`docker pull ${new URL(stack.registry.baseUrl).host}/team/worker:1.0`);
    await hit('team/worker:1.0').waitFor();
    await page.keyboard.press('ArrowDown');
    await focused.filter({ hasText: /^team\/worker$/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await focused.filter({ hasText: 'team/worker:1.0' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/repositories/team/worker:1.0');

    await withScript();
    await page.keyboard.press('Control+k');
    await page.locator('[data-omni]:focus').waitFor();
    await page.keyboard.insertText(seeded.index.slice('sha256:'.length, 'sha256:'.length + 8));
    await hit('team/app').waitFor();
    await page.keyboard.press('ArrowDown');
    await focused.waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/${seeded.index}`);

    await page.keyboard.press('/');
    await page.keyboard.insertText('no such thing');
    await page.locator('.hits__none').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-omni]:focus').waitFor({ state: 'detached' });
  });

  test('a user finds a repository while typing, and navigates to a layer', async () => {
    await admin('/repositories');
    await page.getByLabel('Name contains').pressSequentially('team/ap');
    await page.waitForURL(/q=team%2Fap/);
    await page.getByRole('link', { name: 'tools/lint' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'team/app' }).click();
    await page.getByRole('link', { name: 'latest' }).click();
    await page.getByRole('link', { name: 'linux/amd64' }).click();
    expect(page.url()).toContain(seeded.image);
    await page.locator(`.layers [title="${seeded.layer}"]`).waitFor();
    await page.getByRole('heading', { name: 'Attached' }).waitFor();
    await page.getByRole('link', { name: 'SBOM' }).waitFor();
  });

  test('commands and digests are copied', async () => {
    await admin('/repositories/team/app');
    const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
    const row = page.getByRole('row', { name: /latest/ });
    await row.getByRole('button', { name: 'Copy reference of 1.1' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await copied()).toBe(`${stack.registry.host}/team/app:1.1`);
    await page.getByRole('button', { name: 'Copied' }).waitFor({ state: 'detached' });
    await row.getByLabel('More for 1.1').click();
    await row.getByRole('button', { name: 'Copy the digest' }).click();
    await row.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await copied()).toBe(seeded.index);
  });

  test('the page of a tag has the command of each client, by tag and by digest', async () => {
    await admin('/repositories/team/app:latest');
    const box = page.getByRole('region', { name: 'Pull' });
    const reference = `${stack.registry.host}/team/app`;
    await box.getByText(`docker pull ${reference}:latest`).waitFor();
    await box.getByText('Dockerfile').click();
    await box.getByText(`FROM ${reference}:latest`).waitFor();
    const remembered = async () =>
      (await page.context().cookies()).find(({ name }) => name === '__Host-mcr-pull')?.value;
    await expect.poll(remembered, { timeout: 20_000 }).toMatch(/^dockerfile\.tag/);
    await box.getByText('By digest').click();
    await box.getByText(`FROM ${reference}@${seeded.index}`).waitFor();
    expect(await box.getByRole('code').filter({ visible: true }).count()).toBe(1);
    await expect.poll(remembered, { timeout: 20_000 }).toMatch(/^dockerfile\.digest/);
    await page.goto('/repositories/team/app:1.0');
    await box.getByText(`FROM ${reference}@${seeded.index}`).waitFor();
  });

  test('a manifest is copied as it was pushed, to the byte', async () => {
    await admin('/repositories/team/app:latest');
    await page.getByText('Manifest as JSON').click();
    await page.getByRole('button', { name: 'Copy manifest' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(digestOf(Buffer.from(text))).toBe(seeded.index);
  });

  test('without a clipboard the whole text is there, selected', async () => {
    await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await admin('/repositories/team/app');
    const selected = () => page.evaluate<string>('getSelection().toString()');
    await page.getByRole('button', { name: 'Copy command for this page' }).click();
    await page.getByRole('button', { name: 'Press Ctrl+C' }).waitFor();
    expect(await selected()).toBe('mcrctl tag list team/app');
    await page.getByRole('button', { name: 'Copy reference of 1.1' }).click();
    await page.getByText(`${stack.registry.host}/team/app:1.1`).waitFor();
    expect(await selected()).toBe(`${stack.registry.host}/team/app:1.1`);
  });

  test('a part of a page that fails to load shows an error until one succeeds', async () => {
    await admin('/repositories');
    await page.route('**/repositories?q=*', (route) => route.abort());
    await page.getByLabel('Name contains').fill('team');
    await page.getByRole('alert').getByText('mcr-web does not respond').waitFor();
    await page.unroute('**/repositories?q=*');
    await page.getByLabel('Name contains').fill('team/app');
    await page.waitForURL(/q=team%2Fapp/);
    await page.getByText('mcr-web does not respond').waitFor({ state: 'detached' });
  });

  test('a rule is created, explained, disabled in place, and deleted', async () => {
    await admin('/policies');
    await page.getByRole('link', { name: 'New rule' }).click();
    await page.getByLabel('Description').fill(`No deletions ${hostile}`);
    await page.getByLabel('Effect').selectOption('deny');
    await page.getByRole('checkbox', { name: 'registry:delete' }).check();
    await page.getByLabel('Repositories, one pattern').fill('team/*');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Created rule').waitFor();

    await page.getByLabel('Account', { exact: true }).fill('admin');
    await page.getByLabel('Wants to').selectOption('registry:delete');
    await page.getByLabel('In', { exact: true }).fill('team/app');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.locator('#decision').getByText('decides: No deletions').waitFor();

    // In place: the rest of the page is unchanged, the focus too, and the result is announced.
    await page.evaluate('window.isSamePage = true');
    await page.getByRole('switch', { name: /Disable rule/ }).click();
    await page.getByRole('switch', { name: /Enable rule/ }).waitFor();
    await page.getByRole('status').getByText('is disabled.').waitFor();
    expect(await page.evaluate<string>('document.activeElement.ariaLabel')).toMatch(/^Enable rule/);
    expect(await page.evaluate<boolean>('window.isSamePage')).toBe(true);
    await page.getByLabel(/More for rule/).click();
    await page.getByRole('link', { name: /Delete rule/ }).click();
    await page.getByRole('button', { name: 'Delete rule' }).click();
    await page.getByText('Deleted rule').waitFor();
    await page.goto('/audit?type=policy_rule_deleted');
    await page.getByRole('listitem').filter({ hasText: 'deleted a policy rule' }).waitFor();
    expect(await page.title()).toBe('Audit log - MCR');
  });

  test('the audit log is filtered in place, and the URL contains the filter', async () => {
    await admin('/audit');
    await page.getByLabel('What').selectOption('manifest_pushed');
    await page.waitForURL(/type=manifest_pushed/);
    await page.getByLabel('Repository').fill('team/worker');
    await page.waitForURL(/repository=team%2Fworker/);
    await page.reload();
    expect(await page.locator('#results .ev').count()).toBe(1);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export as CSV' }).click();
    expect((await download).suggestedFilename()).toBe('audit.csv');

    await page.getByLabel('What').selectOption('');
    await page
      .locator('#results summary')
      .getByText(/^with \d+ blobs?, /)
      .first()
      .click();
    await page.locator('#results dt').getByText('blob uploaded', { exact: true }).first().waitFor();
  });

  test('tags are deleted by a page that shows what is deleted and kept', async () => {
    await admin('/repositories/team/app');
    await page.getByLabel('Select pr-1', { exact: true }).check();
    await page.getByLabel('Select 1.0', { exact: true }).check();
    await page.getByRole('button', { name: 'Delete selected tags' }).click();
    await page.getByText('is kept as').waitFor();
    await page.getByRole('button', { name: 'Delete 2 tags' }).click();
    await page.getByText('Deleted 2 tags and 1 manifest.').waitFor();
    expect(await page.getByRole('link', { name: 'pr-1', exact: true }).count()).toBe(0);
  });

  test('all tags that match a filter are deleted by one plan, without a script as well', async () => {
    await admin('/repositories/team/app');
    const filter = page.getByRole('searchbox', { name: /pattern/ });
    await filter.fill('pr-1?');
    await filter.press('Enter');
    await page.getByText('3 tags match pr-1?.').waitFor();
    await page.getByRole('link', { name: 'Select all 3 that match…' }).click();
    await page.getByRole('heading', { name: 'Delete 3 tags of team/app?' }).waitFor();
    await page.getByRole('button', { name: 'Delete 3 tags' }).click();
    await page.getByText('Deleted 3 tags and 3 manifests.').waitFor();
    expect(await page.getByRole('link', { name: 'pr-12', exact: true }).count()).toBe(0);
  });

  test('a repository is deleted after its name was typed', async () => {
    await admin('/delete-repository/mirror/debian');
    await page.getByLabel('Type mirror/debian to confirm').fill('mirror/alpine');
    await page.getByRole('button', { name: 'Delete repository' }).click();
    await page.getByText('Type the name exactly').waitFor();
    await page.getByLabel('Type mirror/debian to confirm').fill('mirror/debian');
    await page.getByRole('button', { name: 'Delete repository' }).click();
    await page.getByText('Deleted the repository mirror/debian.').waitFor();
  });

  test('garbage is collected while a user watches', async () => {
    await admin('/storage');
    await page.getByRole('button', { name: 'Reconcile' }).click();
    await page.getByText('Started reconciling files and database.').waitFor();
    await page.getByRole('cell', { name: 'reconcile' }).first().waitFor();
    await page.locator('#collection [role=status]').getByText('completed').waitFor();
  });

  test('an account is created, used and disabled', async () => {
    await admin('/accounts');
    await page.getByLabel('Name', { exact: true }).fill('grace');
    await page.getByLabel('Password', { exact: true }).fill('a password of grace');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('Created the account grace.').waitFor();
    const other = await newPage(browser, stack);
    await signIn(other, 'grace', 'a password of grace');
    expect(await other.getByRole('link', { name: 'Policies' }).count()).toBe(0);
    expect((await other.goto('/policies'))?.status()).toBe(403);
    await other.getByRole('heading', { name: 'Access denied' }).waitFor();
    await other.context().close();
    await page.getByRole('switch', { name: 'Disable grace' }).click();
    await page.getByText('grace is disabled.').waitFor();
  });

  test('HTML in labels, annotations and history does nothing', async () => {
    await admin('/repositories/team/labelled:latest');
    expect(await page.title()).toBe('team/labelled:latest - MCR');
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.getByText(hostile).count()).toBeGreaterThan(4);
  });

  test('everything works with the keyboard alone', async () => {
    const focused = (what: string) => page.evaluate<string>(`document.activeElement.${what}`);
    await admin();
    await withScript();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keyboard' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await heading('Repositories').waitFor();
    await withScript();
    await page.keyboard.press('f');
    expect(await focused('name')).toBe('q');
    await page.keyboard.type('team/app');
    await page.waitForURL(/q=team%2Fapp/);
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await heading('team/app').waitFor();
    await withScript();

    // In the table of tags the first cell of a row is a check box.
    await page.keyboard.press('j');
    const first = await focused('textContent');
    await page.keyboard.press('j');
    expect(await focused('textContent')).not.toBe(first);
    await page.keyboard.press('x');
    const box = page.getByLabel(`Select ${await focused('textContent')}`, { exact: true });
    expect(await box.isChecked()).toBe(true);
    await box.focus();
    await page.keyboard.press('k');
    expect(await focused('textContent')).toBe(first);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/repositories/team/app:${first}`);
  });

  test('a theme is chosen, and kept', async () => {
    await admin();
    await openAccountMenu(page);
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.locator('.rail button[aria-pressed=true]', { hasText: 'Dark' }).waitFor({ state: 'attached' });
    await page.reload();
    expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe('rgb(13, 15, 18)');
  });

  test('after signing out the back button shows nothing', async () => {
    await admin('/audit');
    await openAccountMenu(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading('Sign in').waitFor();
    await page.goBack();
    await heading('Sign in').waitFor();
    expect(await page.getByText('Audit log').count()).toBe(0);
  });

  test('without JavaScript everything can be read', async () => {
    const plain = await newPage(browser, stack, { javaScriptEnabled: false });
    await signIn(plain, 'admin', stack.registry.adminPassword);
    await plain.getByRole('link', { name: 'Repositories', exact: true }).click();
    await plain.getByLabel('Name contains').fill('team/app');
    await plain.getByRole('button', { name: 'Search' }).click();
    await plain.getByRole('link', { name: 'team/app' }).click();
    await plain.getByRole('link', { name: 'latest' }).click();
    await plain.getByRole('link', { name: 'linux/arm64' }).click();
    await plain.getByRole('heading', { name: 'Layers' }).waitFor();
    await plain.goto('/audit');
    await plain.getByLabel('What').selectOption('manifest_pushed');
    await plain.getByRole('button', { name: 'Filter' }).click();
    await plain.waitForURL(/type=manifest_pushed/);
    await plain.context().close();
  });

  test('an unreachable registry is reported, and the page recovers with it', async () => {
    await admin('/repositories');
    await stack.registry.stop();
    await page.reload();
    await heading('The registry does not respond').waitFor();
    await stack.registry.restart();
    await heading('Repositories').waitFor({ timeout: 30_000 });
  });
});
