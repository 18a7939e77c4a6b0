import type { Inspection } from '../../facets/inspection.ts';
import type { Operation } from '../facet.ts';

/** PostgreSQL checks its own files, by its page checksums and by pg_amcheck, which is the operator's to run. */
export const checkIntegrity: Operation<Inspection['checkIntegrity']> = () => () => Promise.resolve([]);
