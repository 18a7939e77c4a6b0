import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startProcess } from './processes.ts';
import { tempDirectory } from './temp.ts';

/** Starts a child and makes a directory, says so, and waits. */
const program = `
  import { startProcess } from '${import.meta.resolve('./processes.ts')}';
  import { tempDirectory } from '${import.meta.resolve('./temp.ts')}';
  const directory = await tempDirectory();
  const child = await startProcess('sh', ['-c', 'sleep 1000 & wait']);
  console.log(JSON.stringify({ directory: directory.path, pid: child.pid }));
  await new Promise((resolve) => setTimeout(resolve, Number(process.argv[2])));
  process.exit(3);
`;

/** A busy machine takes more than a second to start a process. */
const pollOptions = { timeout: 20_000 };

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !/^State:\s+Z/m.test(status);
}

test.each([
  { ending: 'is interrupted', signal: 'SIGINT', ends: { signal: 'SIGINT' } },
  { ending: 'is terminated', signal: 'SIGTERM', ends: { signal: 'SIGTERM' } },
  { ending: 'loses its terminal', signal: 'SIGHUP', ends: { signal: 'SIGHUP' } },
  { ending: 'exits', signal: undefined, ends: { code: 3 } },
] as const)('children and directories go with a process that $ending', async ({ signal, ends }) => {
  await using directory = await tempDirectory();
  const path = join(directory.path, 'program.ts');
  await writeFile(path, program);
  await using parent = await startProcess(process.execPath, [path, signal ? '60000' : '0']);
  await expect.poll(() => parent.output(), pollOptions).toContain('}');
  const started = JSON.parse(parent.output().split('\n')[0] ?? '');

  if (signal) process.kill(parent.pid, signal);
  expect(await parent.exited).toMatchObject(ends);
  await expect.poll(() => isRunning(started.pid), pollOptions).toBe(false);
  expect(existsSync(started.directory)).toBe(false);
});
