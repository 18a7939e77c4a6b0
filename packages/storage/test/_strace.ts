import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scratch } from './_scratch.ts';

const script = fileURLToPath(new URL('./_push-twice.ts', import.meta.url));

/** The calls that change something on disk. */
export const changingCalls = ['mkdir', 'pwrite64', 'pwritev', 'fdatasync', 'fsync', 'link', 'unlink'] as const;

/** Whether processes can be traced here. */
export const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

/** What a traced push acknowledged, and which changing calls it made, paths relative to the scratch directory. */
export interface TracedPush {
  readonly acknowledged: readonly string[];
  readonly calls: readonly string[];
  readonly complaints: string;
}

/** Runs `_push-twice.ts`, with a fault like `fsync:signal=KILL:when=2` when one is given. */
export async function tracePush(where: Scratch, fault?: string): Promise<TracedPush> {
  const trace = join(where.root, 'trace');
  const options = ['-f', '-qq', '-y', '-s', '0', '-o', trace, '-e', `trace=${changingCalls.join(',')}`];
  if (fault !== undefined) options.push('-e', `inject=${fault}`);
  const command = [process.execPath, script, where.layersPath, where.uploadsPath];
  // Faults are counted for each thread, so there must be only one that works on files.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const { output, complaints } = await new Promise<{ output: string; complaints: string }>((resolve) => {
    const done = (_error: unknown, stdout: string, stderr: string) => resolve({ output: stdout, complaints: stderr });
    execFile('strace', [...options, ...command], { env }, done);
  });
  const lines = (await readFile(trace, 'utf8')).split('\n');
  return {
    acknowledged: output.split('\n').filter((line) => line !== ''),
    calls: lines.map((line) => describeCall(line, where.root)).filter((call) => call !== ''),
    complaints,
  };
}

/** `12 fsync(3</tmp/x/layers>) = 0` becomes `fsync layers`; a line about another place becomes nothing. */
function describeCall(line: string, root: string): string {
  const call = /^\d+ +(\w+)\(/.exec(line)?.[1];
  const paths = line.split(/[<>"]/).filter((part) => part.startsWith(`${root}/`));
  return call === undefined || paths.length === 0
    ? ''
    : [call, ...paths.map((path) => path.slice(root.length + 1))].join(' ');
}
