import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buildImage, pushImage } from '@mcr/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { seed } from './_util/seed.ts';
import { type Stack, startStack } from './_util/stack.ts';
import { Steps } from './_util/steps.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe.skipIf(!requireChromium())('with a keyboard only, from the overview,', () => {
  let stack: Stack;
  let browser: Browser;
  let digest = '';
  let admin: Page;
  let person: Page;

  beforeAll(async () => {
    stack = await startStack();
    const { registry } = stack;
    const [nightly, api] = await Promise.all(
      ['nightly', 'api'].map((seed) => buildImage({ layers: [{ size: 300_000, seed }] })),
    );
    await pushImage(registry.client(), 'jobs/nightly', '1', nightly!);
    await seed(stack);
    await pushImage(registry.client(), 'team-x/api', '1', api!);
    digest = api!.manifest.digest;
    // What happened in the past.
    await registry.stop();
    const db = new DatabaseSync(join(registry.directory, 'mcr.db'));
    db.prepare("UPDATE audit_log SET at = at - ? WHERE repository = 'jobs/nightly'").run(hourMs);
    db.prepare("UPDATE tags SET updated_at = updated_at - ? WHERE name LIKE 'pr-_'").run(40 * dayMs);
    db.close();
    await registry.restart();

    const ci = await registry.addAccount('ci', { type: 'system' });
    const denied = await registry.client(ci).request('GET', '/v2/team/app/manifests/1.0');
    expect(denied.status, denied.text()).toBe(403);
    const reader = await registry.addAccount('prod-eu', { roles: ['user'] });
    expect((await registry.client(reader).request('GET', '/v2/team/app/manifests/1.0')).status).toBe(200);
    const grace = await registry.addAccount('grace', { roles: ['user'] });
    browser = await startBrowser();
    const permissions = ['clipboard-read', 'clipboard-write'];
    admin = await newPage(browser, stack, { permissions });
    await signIn(admin, 'admin', registry.adminPassword);
    person = await newPage(browser, stack, { permissions });
    await signIn(person, grace.username, grace.password);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  /** A repository on the map of what fills the disk. */
  const tile = (name: string) => admin.locator(`.map-wide a[href="/repositories/${name}"]`).first();

  /** Opens the overview, runs a task and expects it to take at most so many steps. */
  async function inSteps(atMost: number, page: Page, task: (steps: Steps) => Promise<void>): Promise<void> {
    await page.goto('/');
    await page.locator('html.js').waitFor();
    const steps = new Steps(page);
    await task(steps);
    expect(steps.taken).toBeLessThanOrEqual(atMost);
  }

  test('an image that was pushed an hour ago is found in two steps', async () => {
    await inSteps(2, admin, async (steps) => {
      await steps.activate(admin.getByRole('link', { name: 'All pushes' }));
      const row = admin.getByRole('listitem').filter({ hasText: 'jobs/nightly' });
      await row.getByText('1 hour ago').waitFor();
      await steps.activate(row.locator('a.digest'));
      await admin.getByRole('heading', { level: 1, name: 'jobs/nightly' }).waitFor();
    });
  });

  test('the pull command of an image takes two steps', async () => {
    await inSteps(2, person, async (steps) => {
      await steps.chord('/');
      await steps.type([undefined, 'team/app:1.0']);
      const box = person.getByRole('region', { name: 'Pull' });
      await box.getByText(`docker pull ${stack.registry.host}/team/app:1.0`).waitFor();
    });
  });

  test('who pulled an image last takes two steps', async () => {
    const row = admin.getByRole('row', { name: /latest/ });
    // Pulls are written in batches.
    await expect
      .poll(
        async () => {
          await admin.goto('/repositories/team/app');
          return await row.textContent();
        },
        { timeout: 60_000, interval: 500 },
      )
      .toContain('prod-eu');
    await inSteps(2, admin, async (steps) => {
      await steps.chord('/');
      await steps.type([undefined, 'team/app']);
      await row.getByText('prod-eu').waitFor();
    });
  });

  test('why CI was denied takes two steps', async () => {
    await inSteps(2, admin, async (steps) => {
      await steps.activate(admin.getByRole('link', { name: 'See them' }));
      await steps.activate(admin.getByRole('link', { name: 'Why denied?' }).first());
      await admin.locator('#decision').getByText('denied').first().waitFor();
      expect(new URL(admin.url()).searchParams.get('who')).toBe('ci');
    });
  });

  test('two tags are compared in three steps', async () => {
    await inSteps(3, admin, async (steps) => {
      await steps.activate(admin.getByRole('region', { name: 'Last pushes' }).getByRole('link', { name: /app:pr-12/ }));
      await steps.activate(admin.getByRole('link', { name: 'Compare' }));
      await steps.type([admin.getByLabel('From'), 'pr-1']);
      await admin.waitForURL(/a=pr-1&b=pr-12/);
      await admin.getByRole('heading', { level: 1, name: /pr-1\W.*pr-12/ }).waitFor();
    });
  });

  test('what takes the most space is seen in two steps', async () => {
    await inSteps(2, admin, async (steps) => {
      await admin.getByRole('region', { name: 'What fills it' }).waitFor();
      await steps.activate(tile('team/app'));
      await admin.getByRole('heading', { level: 1, name: 'team/app' }).waitFor();
    });
  });

  test('an image is found by its digest in one step', async () => {
    await person.evaluate(`navigator.clipboard.writeText('${digest}')`);
    await inSteps(1, person, async (steps) => {
      await steps.chord('Control+v');
      await person.waitForURL(`**/repositories/team-x/api/manifests/${digest}`);
    });
  });

  test('whether an image is signed takes two steps', async () => {
    await inSteps(2, person, async (steps) => {
      await steps.chord('/');
      await steps.type([undefined, 'team/app']);
      await person
        .getByRole('row', { name: /latest/ })
        .getByRole('img', { name: 'Has a signature' })
        .waitFor();
      await person.getByRole('row', { name: /pr-1 / }).getByText('not signed').waitFor();
    });
  });

  test('a rule for a team takes four steps', async () => {
    await inSteps(4, admin, async (steps) => {
      await steps.activate(tile('team-x/api'));
      await steps.activate(admin.getByLabel('More for this repository'));
      await steps.activate(admin.getByRole('link', { name: 'New rule for team-x/**' }));
      await steps.type([admin.getByRole('textbox', { name: /^Roles, separated/ }), 'team-x']);
      await admin.getByText('Created rule').waitFor();
    });
    const rules = await admin.locator('main').textContent();
    for (const text of ['team-x', 'team-x/**', 'pull', 'push']) expect(rules).toContain(text);
  });

  test('a robot with a token takes four steps', async () => {
    await inSteps(4, admin, async (steps) => {
      await steps.chord('g', 'c');
      await steps.choose(admin.getByLabel('Type'), 'system, for a program');
      await steps.type([admin.getByLabel('Name', { exact: true }), 'robot']);
      await admin.getByText('Created the account robot.').waitFor();
      await steps.type([admin.getByLabel('Name', { exact: true }), 'deploy']);
      await admin.getByRole('heading', { name: 'The secret of deploy' }).waitFor();
      await admin.getByText(/--username robot /).waitFor();
    });
  });

  test('all tags of a pattern that are older than 30 days are deleted in five steps', async () => {
    await inSteps(5, admin, async (steps) => {
      await steps.activate(tile('team/app'));
      await steps.type([admin.getByRole('searchbox', { name: /pattern/ }), 'pr-*']);
      await admin.getByText('12 tags match pr-*.').waitFor();
      await steps.choose(admin.getByLabel('Pushed'), 'older than 30 days');
      await admin.getByText('9 tags match pr-*, older than 30 days.').waitFor();
      await steps.activate(admin.getByRole('link', { name: 'Select all 9 that match' }).first());
      await steps.activate(admin.getByRole('button', { name: 'Delete 9 tags' }));
      await admin.getByText('Deleted 9 tags and 9 manifests.').waitFor();
    });
  });

  test('the own password is changed in two steps', async () => {
    await inSteps(2, person, async (steps) => {
      await steps.chord('g', 'm');
      const next = 'another password of grace';
      await steps.type(
        [person.getByLabel('Current password'), 'the password of grace'],
        [person.getByLabel('New password', { exact: true }), next],
        [person.getByLabel('New password again'), next],
      );
      await person.getByText('Changed your password.').waitFor();
    });
  });
});
