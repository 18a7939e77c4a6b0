import { expect, test } from 'vitest';
import { openProfiles } from './profiles.ts';

const server = 'https://registry.example.net';

test('without a home directory there are no profiles, and the hint says where to store a login', () => {
  const profiles = openProfiles({}, () => undefined);
  expect([profiles.current(), profiles.ofServer(server), profiles.list()]).toEqual([undefined, undefined, []]);
  const homeless = expect.objectContaining({
    message: 'no home directory to store the login in',
    hint: expect.stringContaining('XDG_CONFIG_HOME'),
  });
  expect(() => profiles.save({ server })).toThrow(homeless);
  expect(() => profiles.select({ server })).toThrow(homeless);
});
