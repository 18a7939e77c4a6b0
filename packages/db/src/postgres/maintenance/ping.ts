import type { MetadataStore } from '../../metadata-store.ts';
import type { Operation } from '../facet.ts';

/** Reads a table, so that a database that has lost them shows. */
export const ping: Operation<MetadataStore['ping']> = (connection) => async () => {
  await connection.query('SELECT 1 FROM versions LIMIT 1');
};
