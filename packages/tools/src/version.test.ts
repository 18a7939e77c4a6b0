import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identifyBuild, imageTag } from './version.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcr-version-'));
  plan('0.2.0');
});

afterEach(() => rmSync(directory, { recursive: true }));

const plan = (version: string): void => writeFileSync(join(directory, 'package.json'), JSON.stringify({ version }));
const git = (...args: string[]): string => {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', [...author, ...args], { cwd: directory, encoding: 'utf8' }).trim();
};
const commit = (): string => {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message=change');
  return git('rev-parse', '--short=7', 'HEAD');
};
const build = () => identifyBuild(directory, {});

describe('a checkout', () => {
  beforeEach(() => {
    git('init', '--quiet');
    commit();
  });

  test('of a tag is called by it, with the commit beside it', () => {
    const head = commit();
    git('tag', 'v0.2.0');
    expect(build()).toEqual({ version: '0.2.0', commit: head });
  });

  test('without any tag is called by the version that comes next, the number of commits, and the commit', () => {
    const head = commit();
    expect(build()).toEqual({ version: `0.2.0-dev.2+g${head}`, commit: head });
  });

  test('that was changed says so, also where there is a tag', () => {
    const head = commit();
    writeFileSync(join(directory, 'package.json'), '{ "version": "0.2.0" }');
    expect(build()).toEqual({ version: `0.2.0-dev.2+g${head}.dirty`, commit: `${head}-dirty` });
    git('tag', 'v0.2.0');
    expect(build()).toEqual({ version: `0.2.0+g${head}.dirty`, commit: `${head}-dirty` });
  });

  test.each([
    ['the version that is planned', 'v0.1.0', '0.2.0', '0.2.0-dev.1'],
    ['the one after the tag, where nothing is planned yet', 'v0.2.0', '0.2.0', '0.2.1-dev.1'],
    ['the one after the tag, also with more digits', 'v0.10.9', '0.9.0', '0.10.10-dev.1'],
    ['what follows a candidate', 'v0.2.0-rc.1', '0.2.0', '0.2.0-rc.1.dev.1'],
  ])('after a tag is called by %s', (_, tag, planned, version) => {
    plan(planned);
    commit();
    git('tag', tag);
    const head = commit();
    expect(build()).toEqual({ version: `${version}+g${head}`, commit: head });
  });

  test('pays no heed to tags that are no version', () => {
    const head = commit();
    for (const tag of ['v1', 'v01.2.3', 'nightly', 'v1.2.3.4']) git('tag', tag);
    expect(build()).toMatchObject({ version: `0.2.0-dev.2+g${head}` });
  });
});

test('sources without git are called by the version that comes next', () => {
  expect(build()).toEqual({ version: '0.2.0-dev', commit: '' });
});

test('sources within the checkout of something else are not called by its commits', () => {
  git('init', '--quiet');
  commit();
  const inside = join(directory, 'vendor');
  mkdirSync(inside);
  writeFileSync(join(inside, 'package.json'), '{ "version": "0.2.0" }');
  expect(identifyBuild(inside, {})).toEqual({ version: '0.2.0-dev', commit: '' });
});

test('what the environment says is what a build is called', () => {
  const env = { MCR_BUILD_VERSION: '1.2.3', MCR_BUILD_COMMIT: 'd563548' };
  expect(identifyBuild(directory, env)).toEqual({ version: '1.2.3', commit: 'd563548' });
  expect(identifyBuild(directory, { MCR_BUILD_VERSION: '' })).toMatchObject({ version: '0.2.0-dev' });
});

test.each(['d563548', 'v1.2.3', '1.2', '01.2.3', '1.2.3-01'])('%s is rejected as a version', (version) => {
  expect(() => identifyBuild(directory, { MCR_BUILD_VERSION: version })).toThrow('is not a semantic version');
});

test('a version becomes a tag of an image that every registry takes', () => {
  expect(imageTag('0.2.0')).toBe('0.2.0');
  expect(imageTag('0.2.0-dev.12+gd563548.dirty')).toBe('0.2.0-dev.12_gd563548.dirty');
});
