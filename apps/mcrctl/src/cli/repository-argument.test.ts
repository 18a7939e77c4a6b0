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
        expect.objectContaining({ message: `invalid repository name "${text}"`, exitCode: 2 }),
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
    ['team/app', '"team/app" has no tag'],
    ['team/app:', '"team/app:" has no tag'],
    ['team/app@sha256:short', 'invalid reference "team/app@sha256:short"'],
    ['team/app@latest', '"team/app@latest" has no tag'],
    [`team/app:1@${digest}`, 'invalid repository name "team/app:1"'],
    ['Team/App:1', 'invalid repository name "Team/App"'],
  ])('%s is rejected', (text, message) => {
    expect(() => parseImageReference(text, server)).toThrow(message);
  });
});
