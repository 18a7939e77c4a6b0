import { RegistryError } from '@mcr/core';
import type { MetadataStore } from '../../metadata-store.ts';
import type { Operation } from '../facet.ts';

/** A server has backups of its own, which a copy from here could not take the place of. */
export const snapshot: Operation<MetadataStore['snapshot']> = () => async () => {
  throw new RegistryError(
    'UNSUPPORTED',
    'A registry on PostgreSQL is backed up with pg_dump, or with base backups and the archive of its WAL; see docs/scale-out.md',
  );
};
