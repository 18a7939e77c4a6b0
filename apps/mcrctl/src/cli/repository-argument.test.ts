import { describe, expect, test } from 'vitest';
import { parseImageReference, parseRepository } from './repository-argument.ts';

const server = 'https://localhost:8443';
const digest = `sha256:${'a'.repeat(64)}`;

describe('a repository', () => {
  test.each([
    ['team/app', 'team/app'],
    ['localhost:8443/team/app', 'team/app'],
    ['other.example/app', 'other.example/app'],
  ])('%s is %s', (text, name) => {
    expect(parseRepository(text, server)).toBe(name);
  });

  test.each(['', 'Team/App', 'team/app:1', 'team//app', '../app', 'localhost:9999/team/app'])(
    '"%s" is none',
    (text) => {
      expect(() => parseRepository(text, server)).toThrow(
        expect.objectContaining({ message: `"${text}" is no name of a repository`, exitCode: 2 }),
      );
    },
  );
});

describe('a reference', () => {
  test.each([
    ['app:1', 'app', '1'],
    ['team/app:1.0-rc_2', 'team/app', '1.0-rc_2'],
    ['localhost:8443/team/app:latest', 'team/app', 'latest'],
    [`team/app@${digest}`, 'team/app', digest],
    [`localhost:8443/team/app@${digest}`, 'team/app', digest],
  ])('%s is %s and %s', (text, repository, reference) => {
    expect(parseImageReference(text, server)).toEqual({ repository, reference });
  });

  test.each([
    ['team/app', '"team/app" names no tag'],
    ['team/app:', '"team/app:" names no tag'],
    ['team/app@sha256:short', '"team/app@sha256:short" is no reference'],
    ['team/app@latest', '"team/app@latest" names no tag'],
    [`team/app:1@${digest}`, '"team/app:1" is no name of a repository'],
    ['Team/App:1', '"Team/App" is no name of a repository'],
  ])('%s is none', (text, message) => {
    expect(() => parseImageReference(text, server)).toThrow(message);
  });
});
