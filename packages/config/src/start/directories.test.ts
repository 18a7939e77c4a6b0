import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConfigProblem } from '../errors.ts';
import { directoryProblems } from './directories.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcr-directories-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Checks in a process of an unprivileged user if this one is root. */
function asUnprivileged(path: string, made: boolean): ConfigProblem[] {
  const program = `
    const { directoryProblems } = await import(${JSON.stringify(new URL('directories.ts', import.meta.url).href)});
    if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }
    console.log(JSON.stringify(directoryProblems('some.key', process.argv[1], { made: ${made} })));`;
  const args = ['--input-type=module', '--eval', program, path];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

test('a directory that can be written or created is accepted', () => {
  expect(directoryProblems('some.key', directory, { made: false })).toEqual([]);
  expect(directoryProblems('some.key', join(directory, 'a/b/c'), { made: true })).toEqual([]);
});

test('a missing one that would not be created is reported', () => {
  const message = `the directory "${directory}/a" does not exist; create it, or choose another path`;
  expect(directoryProblems('some.key', join(directory, 'a'), { made: false })).toEqual([{ key: 'some.key', message }]);
});

test('a file is not a directory, nor is anything below it', () => {
  writeFileSync(join(directory, 'file'), '');
  const message = (path: string) => `"${directory}/${path}" is not a directory; choose another path`;
  expect(directoryProblems('some.key', join(directory, 'file'), { made: true })).toEqual([
    { key: 'some.key', message: message('file') },
  ]);
  expect(directoryProblems('some.key', join(directory, 'file/below'), { made: true })).toHaveLength(1);
});

test('one that this user may not write or create is reported with the reason', () => {
  mkdirSync(join(directory, 'kept'));
  chmodSync(join(directory, 'kept'), 0o555);
  chmodSync(directory, 0o555);
  const remedy = 'permission denied; make it writable for the user that the registry runs as, or choose another path';
  expect(asUnprivileged(join(directory, 'kept'), false)).toEqual([
    { key: 'some.key', message: `the directory "${directory}/kept" cannot be written: ${remedy}` },
  ]);
  expect(asUnprivileged(join(directory, 'new'), true)).toEqual([
    { key: 'some.key', message: `the directory "${directory}" cannot take "${directory}/new": ${remedy}` },
  ]);
  chmodSync(directory, 0o755);
});
