import { blobFunctions } from './000001/blobs.ts';
import { eventFunctions } from './000001/events.ts';
import { figures } from './000001/figures.ts';
import { garbageFunctions } from './000001/garbage.ts';
import { manifestFunctions } from './000001/manifests.ts';
import { reviewFunctions } from './000001/reviews.ts';
import { tables } from './000001/tables.ts';
import { uploadFunctions } from './000001/uploads.ts';
import type { Migration } from './migration.ts';

const functions = [
  eventFunctions,
  garbageFunctions,
  blobFunctions,
  manifestFunctions,
  uploadFunctions,
  reviewFunctions,
];

/** What SQLite has since its schema 23: the same names of tables and columns, with the types that PostgreSQL has for them. */
export const registry: Migration = {
  id: 1,
  name: 'registry',
  worksWith: 1,
  sql: [tables, figures, ...functions].join('\n'),
};
