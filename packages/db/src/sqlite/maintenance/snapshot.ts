import { stat } from 'node:fs/promises';
import { RegistryError } from '@mcr/core';
import type { MetadataStore } from '../../metadata-store.ts';
import { copyDatabase } from '../connection/copy-database.ts';
import type { Operation } from '../facet.ts';

export const snapshot: Operation<MetadataStore['snapshot']> = (connection) => async (destination) => {
  if (await exists(destination)) {
    throw new RegistryError('CONFLICT', 'The destination exists already; name a file that does not exist');
  }
  return { size: await copyDatabase(connection, destination) };
};

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
