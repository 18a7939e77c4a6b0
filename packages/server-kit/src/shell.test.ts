import { expect, test } from 'vitest';
import { asWord, fromHere } from './shell.ts';

test.each([
  ['/srv/mcr/mcr.toml', '/', '/srv/mcr/mcr.toml'],
  ['/srv/mcr/mcr.toml', '/srv', 'mcr/mcr.toml'],
  ['/srv/mcr/mcr.toml', '/home', '/srv/mcr/mcr.toml'],
  ['/srv/..data/x', '/srv', '/srv/..data/x'],
])('%s is typed in %s as %s', (path, cwd, typed) => {
  expect(fromHere(path, cwd)).toBe(typed);
});

test('what a shell would take apart is quoted', () => {
  expect(asWord('srv/mcr.toml')).toBe('srv/mcr.toml');
  expect(asWord("a man's srv")).toBe(`'a man'\\''s srv'`);
});
