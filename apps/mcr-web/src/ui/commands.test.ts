import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { mcrctl, option } from './commands.ts';

test('plain words are not quoted', () => {
  expect(mcrctl('tag', 'list', 'team/app')).toBe('mcrctl tag list team/app');
  expect(mcrctl('repo', 'list', option('search', ''))).toBe('mcrctl repo list');
  expect(mcrctl('repo', 'list', option('search', '-x'))).toBe("mcrctl repo list '--search=-x'");
});

test.each(['$(id)', '`id`', "it's", 'a b', '', '\n', '~', '*', '!1', '"', '\\', 'a;b', '=x', '#'])(
  'a shell reads %j back as one word',
  (word) => {
    const script = mcrctl('show', word).replace('mcrctl show', String.raw`printf '%s|'`);
    expect(spawnSync('/bin/sh', ['-c', script]).stdout.toString()).toBe(`${word}|`);
  },
);
