import { type Tag, type timeSlices, versionKey } from '@mcr/core';
import type { TagOrder } from '../../facets/tags.ts';
import { endOf } from '../../rows/pages.ts';
import type { Connection } from '../connection/connection.ts';
import { inSlices, sliceSize } from './in-slices.ts';
import { type TagRow, tagColumns } from './load-tags.ts';
import { type FilterParameters, isFilter, manifestFits, nameFits, timeFits } from './tag-conditions.ts';

/** Orders in which each tag stands for itself. */
export type OrderOfTags = Exclude<TagOrder, 'newest_version'>;

/** What a page begins after. */
export type TagPlace = Pick<TagRow, 'name' | 'updatedAt'>;

/** What to read of a list. */
interface Reading {
  readonly parameters: FilterParameters;
  readonly after: TagPlace | undefined;
  /** How many rows are read at a time. */
  readonly length: number;
  readonly nextStep: ReturnType<typeof timeSlices>;
}

const place = (name: string, updatedAt: number): TagPlace => ({ name: name as Tag, updatedAt });

/** The index of each order with what it sorts by, and the places before and behind all tags. */
const orders = {
  name: { index: undefined, by: ['name'], first: place('', 0), last: place(endOf(''), 0) },
  version: { index: 'tags_by_version', by: ['version_key', 'name'], first: place('', 0), last: place(endOf(''), 0) },
  updated: {
    index: 'tags_by_update',
    by: ['updated_at', 'name'],
    first: place('', Number.MAX_SAFE_INTEGER),
    last: place('', Number.MIN_SAFE_INTEGER),
  },
} as const;

/** Reads these columns of the tags that match, in an order. */
export function prepareTagsInOrder<Row extends TagPlace = TagRow>(
  connection: Connection,
  order: OrderOfTags,
  columns = tagColumns,
) {
  const { first, last } = orders[order];
  const { rows, ends } = prepareStatements<Row>(connection, order, columns);

  return ({ parameters, after, length, nextStep }: Reading): AsyncGenerator<Row, void> => {
    const hasFilter = isFilter(parameters);
    const slices = {
      length,
      end: (behind: TagPlace = first) =>
        hasFilter ? ends.get({ ...parameters, ...keysOf('after', behind), skipped: sliceSize - 1 }) : undefined,
      read: (behind: TagPlace = first, until: TagPlace = last, most: number) =>
        rows.all({ ...parameters, ...keysOf('after', behind), ...keysOf('until', until), length: most }),
    };
    return inSlices<TagPlace, Row>(slices, after, nextStep);
  };
}

/** What sorts a place, as parameters. */
function keysOf(kind: 'after' | 'until', { name, updatedAt }: TagPlace): Record<string, string | number> {
  return { [`${kind}_name`]: name, [`${kind}_version_key`]: versionKey(name), [`${kind}_updated_at`]: updatedAt };
}

function prepareStatements<Row>({ sqlite }: Connection, order: OrderOfTags, columns: string) {
  const { index, by } = orders[order];
  const [behind, upTo, end] = order === 'updated' ? ['<', '>=', ' DESC'] : ['>', '<=', ''];
  // Of an index, only tags whose names match are looked up.
  const entry = index === undefined ? 't' : 'k';
  const entries = index === undefined ? 'tags t' : `tags k INDEXED BY ${index}`;
  const tag = 'CROSS JOIN tags t ON t.repository_id = k.repository_id AND t.name = k.name';
  const key = `(${by.map((column) => `${entry}.${column}`).join(', ')})`;
  const parameters = (kind: string) => `(${by.map((column) => `:${kind}_${column}`).join(', ')})`;
  const within = `${entry}.repository_id = :repositoryId AND ${key} ${behind} ${parameters('after')}`;
  const sorted = by.map((column) => `${entry}.${column}${end}`).join(', ');
  return {
    rows: sqlite.prepare<[object], Row>(`SELECT ${columns} FROM ${entries} ${index === undefined ? '' : tag}
      WHERE ${within} AND ${key} ${upTo} ${parameters('until')}
        AND ${nameFits(`${entry}.name`)} AND ${timeFits('t')} AND ${manifestFits('t.manifest_id')}
      ORDER BY ${sorted} LIMIT :length`),
    ends: sqlite.prepare<
      [object],
      TagPlace
    >(`SELECT ${entry}.name, ${order === 'updated' ? 'k.updated_at' : 0} AS updatedAt
      FROM ${entries} WHERE ${within} ORDER BY ${sorted} LIMIT 1 OFFSET :skipped`),
  };
}
