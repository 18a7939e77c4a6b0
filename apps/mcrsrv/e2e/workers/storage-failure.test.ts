import { join } from 'node:path';
import { startWorkers } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { requireTools } from '../deploy/_util/tools.ts';
import { failCalls } from '../faults/_util/system-calls.ts';
import { sharedResources } from '../shared.ts';
import { isRunning, logOf, pidOf, pidsOf } from './_util.ts';

const shared = sharedResources();

test.skipIf(!requireTools('strace'))(
  'a write that the disk does not confirm to one worker stops all of them, with exit code 1',
  async () => {
    const registry = shared.use(await startWorkers(2));
    const client = await registry.clientOf(2);
    const workers = await pidsOf(registry);
    const path = join(registry.directory, 'mcr.db-wal');
    const fault = { calls: ['fdatasync', 'fsync'], error: 'EIO:when=1', path };
    await using _fault = await failCalls(await pidOf(registry, 2), fault);
    await client.startUpload('app').catch(() => {});
    const { code, stdout, stderr } = await registry.exited();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mcrsrv: The storage did not confirm a write; the registry stops/);
    expect(logOf(registry, stdout).filter(({ level }) => level === 'fatal')).toEqual([
      expect.objectContaining({ worker: 2, msg: 'storage failed, stopping' }),
    ]);
    expect(workers.filter(isRunning)).toEqual([]);
  },
);
