import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from './free-port.ts';
import { run, runOk, startProcess } from './processes.ts';
import { tempDirectory } from './temp.ts';

test('a finished process reports its exit code and both outputs apart', async () => {
  expect(await run('sh', ['-c', 'cat; echo oops >&2; exit 3'], { input: 'hello' })).toEqual({
    code: 3,
    signal: null,
    stdout: 'hello',
    stderr: 'oops\n',
  });
});

test('a process that must succeed fails with its whole output', async () => {
  expect(await runOk('sh', ['-c', 'echo fine'])).toBe('fine\n');
  await expect(runOk('sh', ['-c', 'echo out; echo err >&2; exit 1'])).rejects.toThrow(/exit code 1\nout\nerr/);
});

test('the environment of a process is only what it is given, and PATH', async () => {
  const variables = await runOk('env', [], { env: { COLOR: 'red' } });
  expect(variables.trim().split('\n').toSorted()).toEqual(['COLOR=red', `PATH=${process.env['PATH']}`]);
});

test('a process that takes too long is ended together with its children', async () => {
  const result = await run('sh', ['-c', 'sleep 1000 & sleep 1000; wait'], { timeout: 100 });
  expect(result).toMatchObject({ code: null, signal: 'SIGTERM' });
});

test('a process that takes too long may undo what it did', async () => {
  const undoing = `process.on('SIGTERM', () => { console.log('undone'); process.exit(4); }); setInterval(() => {}, 1000)`;
  const result = await run(process.execPath, ['--eval', undoing], { timeout: 2_000 });
  expect(result).toMatchObject({ code: 4, stdout: 'undone\n' });
});

test('a missing command is an error', async () => {
  await expect(run('no-such-command-anywhere', [])).rejects.toThrow(/ENOENT/);
});

test('stop asks first and kills a process that does not listen', async () => {
  const polite = await startProcess('sleep', ['1000']);
  expect(await polite.stop()).toMatchObject({ signal: 'SIGTERM' });

  const stubborn = await startProcess('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done']);
  await expect.poll(() => stubborn.output()).toContain('ready');
  expect(await stubborn.stop(50)).toMatchObject({ signal: 'SIGKILL' });
});

test('a temporary directory is gone with its content after its scope', async () => {
  let path: string;
  {
    await using directory = await tempDirectory('mcr-temp-');
    path = directory.path;
    await writeFile(join(path, 'file'), 'content');
    expect(existsSync(join(path, 'file'))).toBe(true);
  }
  expect(existsSync(path)).toBe(false);
});

test('a free port is a port', async () => {
  expect(await freePort()).toBeGreaterThan(1023);
});
