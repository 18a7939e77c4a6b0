import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { tempDirectory } from '../temp.ts';
import { isPresent, requireClient } from './presence.ts';

afterEach(() => vi.unstubAllEnvs());

test('a client is present when its executable is found', async () => {
  await using directory = await tempDirectory();
  vi.stubEnv('PATH', directory.path);
  expect(isPresent('podman')).toBe(false);
  await mkdir(join(directory.path, 'bin'));
  await writeFile(join(directory.path, 'bin', 'podman'), '#!/bin/sh\n', { mode: 0o755 });
  vi.stubEnv('PATH', join(directory.path, 'bin'));
  expect(isPresent('podman')).toBe(true);
});

test('a missing client skips its tests, but fails them under CI', () => {
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('CI', '');
  expect(requireClient('skopeo')).toBe(false);
  vi.stubEnv('CI', 'true');
  expect(() => requireClient('skopeo')).toThrow('Install skopeo');
});
