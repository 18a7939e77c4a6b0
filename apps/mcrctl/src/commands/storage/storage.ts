import type { DescribeStorageResponse, StorageGrowth } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import type { Field } from '../../output/field.ts';
import { formatCount, formatSize } from '../../output/format.ts';
import type { Fact } from '../../output/layout.ts';

type Storage = Json<DescribeStorageResponse>;

const fields: readonly Field<Storage>[] = [
  { name: 'driver', describe: '`disk` or `s3`' },
  {
    name: 'total_bytes',
    kind: 'size',
    describe: 'Sum of the parts: the size of the file system, or of what is stored',
  },
  {
    name: 'parts',
    kind: 'object',
    describe:
      'What takes space, each with `name` and `bytes`: `own`, `shared`, `waiting`, `uploads`, and on a file system `database`, `copies`, `other`, `reserved` and `free`',
  },
  {
    name: 'file_system',
    kind: 'object',
    describe: '`size`, `used`, `free` and `min_free`, in bytes; null for a bucket',
  },
  { name: 'quarantined_blobs', kind: 'number', describe: 'Blobs in quarantine, which the parts include' },
  {
    name: 'largest',
    kind: 'object',
    describe: 'Repositories with the most bytes of their own: `name` and `own_bytes`',
  },
  {
    name: 'samples',
    kind: 'object',
    describe: 'What was stored on each of the last 90 days: `start`, `stored_bytes` and `used_bytes`',
  },
  {
    name: 'growth',
    kind: 'object',
    describe: '`state`, `bytes_per_day` and `full_at`; `days_missing` while there are not enough samples',
  },
];

/** As many as fit a screen with everything else. */
const shown = 5;

/** `mcrctl storage`: `GET /v1/storage`. */
export const storageCommand = defineCommand({
  name: 'storage',
  describe: 'Show what takes space, how that grew, and when the disk is full',
  options: {},
  examples: [
    ['mcrctl storage', 'See what fills the disk'],
    ['mcrctl storage --json growth', 'Get the day on which the disk is full, for a script'],
  ],
  fields,
  async run({ io, print, client }) {
    const storage = await (await client()).call('admin.describeStorage', {}, { to: 'describe the storage' });
    const size = io.stdout.isTerminal ? formatSize : String;
    print.item(fields, storage, [
      ...storage.parts.map(({ name, bytes }): Fact => [name, size(bytes)]),
      ['growth', growthText(storage.growth, size)],
      ...storage.largest.slice(0, shown).map(({ name, own_bytes: bytes }): Fact => [name, size(bytes)]),
    ]);
  },
});

function growthText(growth: Json<StorageGrowth> | undefined, size: (bytes: number) => string): string {
  if (growth === undefined) return '-';
  const { state, days_missing: missing, bytes_per_day: bytes, full_at: fullAt } = growth;
  if (bytes === undefined) return `unknown, samples of ${formatCount(missing, 'more day')} are missing`;
  const rate = `${state}, ${bytes < 0 ? '-' : ''}${size(Math.abs(bytes))} a day`;
  return fullAt === undefined ? rate : `${rate}, full on ${fullAt.slice(0, 10)}`;
}
