import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkSameDevice } from './storage.ts';

const here = tmpdir();
const elsewhere = ['/proc', '/dev'].find((path) => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && stats.dev !== statSync(here).dev;
});

describe('checkSameDevice', () => {
  test('accepts two directories of one device', () => {
    expect(checkSameDevice({ layersPath: join(here, 'layers'), uploadsPath: join(here, 'a/b/uploads') })).toEqual([]);
  });

  test('rejects two directories of different devices, existing or not', () => {
    expect(elsewhere).toBeDefined();
    const layersPath = join(here, 'layers');
    for (const uploadsPath of [`${elsewhere}`, `${elsewhere}/mcr/uploads`]) {
      expect(checkSameDevice({ layersPath, uploadsPath })).toEqual([
        {
          key: 'storage.uploads_path',
          message: `is on another device than storage.layers_path ("${uploadsPath}", "${layersPath}"); put both on one file system`,
        },
      ]);
    }
  });

  test('reports nothing while a path is missing', () => {
    expect(checkSameDevice({ uploadsPath: here })).toEqual([]);
  });
});
