import type { StoredBytes } from '@mcr/db';
import type { Measured } from './measure.ts';

/** A part of what takes space. */
export interface SpacePart {
  readonly name: string;
  /** Only that of `other` may be less than 0. */
  readonly bytes: number;
}

/**
 * What takes space where blobs are: together the size of the file system, or of what is stored where that cannot be measured.
 * What is in use beyond all that the registry knows is `other`: foreign files, directories, the ends of blocks.
 */
export function spaceParts({ own, shared, waiting, uploads }: StoredBytes, measured?: Measured): readonly SpacePart[] {
  const stored = Object.entries({ own, shared, waiting, uploads }).map(([name, bytes]) => ({ name, bytes }));
  if (measured === undefined) return stored;
  const { fileSystem, database, copies } = measured;
  const known = [
    ...stored,
    ...(database === undefined ? [] : [{ name: 'database', bytes: database }]),
    ...(copies === undefined ? [] : [{ name: 'copies', bytes: copies }]),
  ];
  return [
    ...known,
    { name: 'other', bytes: fileSystem.used - totalOf(known) },
    { name: 'reserved', bytes: fileSystem.reserved },
    { name: 'free', bytes: fileSystem.free },
  ];
}

/** Bytes of all parts. */
export function totalOf(parts: readonly SpacePart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
