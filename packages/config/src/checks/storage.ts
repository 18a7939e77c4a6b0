import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ConfigProblem, quote } from '../errors.ts';
import { explain } from '../explain.ts';
import type { StorageSection } from '../schema/config.ts';

/** Blobs need a directory, unless they are in S3. */
export function checkLayers(
  { driver, layersPath }: Partial<StorageSection>,
  reported: ReadonlySet<string>,
): ConfigProblem[] {
  if (driver !== 'disk' || layersPath !== undefined || reported.has('storage.layers_path')) return [];
  return [{ key: 'storage.layers_path', message: 'is required; set it in the file or as MCR_STORAGE_LAYERS_PATH' }];
}

/** A finished upload becomes a layer by a rename, which only works within one file system. */
export function checkSameDevice({ driver, layersPath, uploadsPath }: Partial<StorageSection>): ConfigProblem[] {
  if (driver === 's3') return [];
  if (layersPath === undefined || uploadsPath === undefined) return [];
  const layers = nearestDirectory(layersPath);
  const uploads = nearestDirectory(uploadsPath);
  if (typeof layers === 'string') return [{ key: 'storage.layers_path', message: layers }];
  if (typeof uploads === 'string') return [{ key: 'storage.uploads_path', message: uploads }];
  if (layers.dev === uploads.dev) return [];
  const message = `is on another device than storage.layers_path (${quote(uploadsPath)}, ${quote(layersPath)}); put both on one file system`;
  return [{ key: 'storage.uploads_path', message }];
}

/** The directory itself, or its closest existing parent; a message if neither is usable. */
function nearestDirectory(path: string): Stats | string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return stats;
    if (stats) return `goes through ${quote(path)}, which is not a directory; choose another path`;
    return nearestDirectory(dirname(path));
  } catch (error) {
    return `cannot be used: ${quote(path)}: ${explain(error)}; choose a path that this user can access`;
  }
}
