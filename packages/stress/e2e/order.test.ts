import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { withWorkers } from '../src/actor/victim.ts';
import { brokenBuild } from '../src/crash/faults/broken-build.ts';
import type { FaultName } from '../src/crash/faults/faults.ts';
import { scenarios } from '../src/crash/points/scenarios.ts';
import { checkOrder } from '../src/crash/trace/check-order.ts';
import { checkFailedCheckpoint } from '../src/crash/trace/failed-checkpoint.ts';
import { requireStrace } from '../src/crash/trace/strace.ts';

describe.skipIf(!requireStrace())('the system calls of the server', () => {
  test('make everything durable before the response', async () => {
    const { calls, violations } = await checkOrder();
    expect(violations).toEqual([]);
    expect(calls).toBeGreaterThan(500);
  });

  test('make everything durable before the response when the database is behind a symbolic link', async () => {
    await using elsewhere = await tempDirectory('mcr-elsewhere-');
    await mkdir(join(elsewhere.path, 'data'));
    const link = join(elsewhere.path, 'mcr.db');
    await symlink('data/real.db', link);
    const { violations } = await checkOrder({ env: { MCR_DATABASE_PATH: link } }, scenarios.slice(0, 1));
    expect(violations).toEqual([]);
  });

  test('make everything durable before the response with two workers', async () => {
    const { calls, violations } = await checkOrder(withWorkers({}, 2));
    expect(violations).toEqual([]);
    expect(calls).toBeGreaterThan(500);
  });

  test('show two workers that do not sync a commit', async () => {
    await using build = await brokenBuild('no-commit-sync');
    // The other worker may happen to sync what the one leaves, so it is looked for three times.
    const { violations } = await checkOrder(withWorkers(build, 2), scenarios.slice(0, 3));
    expect(violations.join('\n')).toContain('a response is sent before mcr.db-wal is synced');
  });

  test('leave the database alone after a checkpoint that failed', async () => {
    expect(await checkFailedCheckpoint()).toEqual([]);
  });

  test('show a server that goes on after a checkpoint that failed', async () => {
    await using build = await brokenBuild('unnoticed-checkpoint');
    expect((await checkFailedCheckpoint(build)).join('\n')).toContain('mcr.db is written after a sync of it failed');
  });

  test.each<[FaultName, string]>([
    ['no-sync', 'is linked before its bytes are synced'],
    ['rename-before-sync', 'is linked before its bytes are synced'],
    ['no-directory-sync', 'a response is sent before the entries of layers'],
    ['no-commit-sync', 'a response is sent before mcr.db-wal is synced'],
  ])('show a server with the fault %s', async (fault, violation) => {
    await using build = await brokenBuild(fault);
    expect((await checkOrder(build, scenarios.slice(0, 1))).violations.join('\n')).toContain(violation);
  });
});
