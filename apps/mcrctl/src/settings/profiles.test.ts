import { expect, test } from 'vitest';
import { openProfiles } from './profiles.ts';

const server = 'https://registry.example.net';

test('whoever has no home has no profiles, and is told where a login could be kept', () => {
  const profiles = openProfiles({}, () => undefined);
  expect([profiles.current(), profiles.read(server)]).toEqual([undefined, undefined]);
  const homeless = expect.objectContaining({
    message: 'there is no home directory to remember the login in',
    hint: expect.stringContaining('XDG_CONFIG_HOME'),
  });
  expect(() => profiles.save({ server })).toThrow(homeless);
  expect(() => profiles.select(server)).toThrow(homeless);
});
