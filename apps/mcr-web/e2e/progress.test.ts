import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { createTestCa } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { type Responses, rightPassword, startRegistry } from '../test/_util/registry.ts';
import { startWeb } from '../test/_util/web.ts';
import { newPage, requireChromium, signIn, startBrowser } from './_util/browser.ts';
import { look } from './_util/look.ts';

describe.skipIf(!requireChromium())('a user who watches garbage collection', () => {
  test('sees it run and finish, in spite of a failed request', async () => {
    const startedAt = timestampFromMs(Date.now());
    const run = { reconcile: true, state: 'running', startedAt, trigger: 'api' };
    const ended = { ...run, state: 'completed', completedAt: startedAt, blobsRemoved: 7 };
    let state: 'running' | 'broken' | 'ended' = 'running';
    let examined = 1;
    const responses: Responses = {
      registry: {
        getGCStatus: () => {
          if (state === 'broken') throw new ConnectError('The database is locked', Code.Unavailable);
          return state === 'ended' ? { lastRun: ended } : { running: true, currentRun: { ...run, examined } };
        },
        listGCRuns: () => ({ runs: [state === 'ended' ? ended : run] }),
      },
    };
    const ca = await createTestCa();
    await using registry = await startRegistry(await ca.issue(), () => ({}), 0, responses);
    await using web = await startWeb({ ca, grpcPort: registry.port });
    await using browser = await startBrowser();
    const page = await newPage(browser, web);
    await page.clock.install();
    await signIn(page, 'admin', rightPassword, '/storage');
    await page.getByText('1 examined').waitFor();
    expect(await page.title()).toBe('(…) Storage - MCR');
    expect(await page.getByRole('button', { name: 'Run now' }).isDisabled()).toBe(true);
    await look(page, 'storage-running');

    registry.calls.length = 0;
    examined = 2;
    await page.getByText('2 examined').waitFor();
    expect(new Set(registry.calls)).toEqual(new Set(['GetGCStatus']));

    // Where the stream has nothing to tell, the page asks by itself.
    state = 'broken';
    await page.clock.runFor(10_000);
    await page.getByRole('alert').getByText('Registry unreachable').waitFor();
    await page.getByText('2 examined').waitFor();

    state = 'ended';
    await page.clock.runFor(10_000);
    await page.getByText('7 blobs removed').waitFor();
    await page.getByRole('row', { name: /completed/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Run now' }).isEnabled()).toBe(true);
    expect(await page.title()).toBe('Storage - MCR');
    expect(await page.locator('[hx-get^="/storage"][hx-trigger*="every"]').count()).toBe(0);
  });
});
