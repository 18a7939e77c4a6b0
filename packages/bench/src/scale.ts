/** How much work a run does. */
export interface Scale {
  readonly name: 'full' | 'quick';
  /** Default number of rounds. */
  readonly rounds: number;
  /** For how long each contender is warmed up before the first workload of a group, in seconds. */
  readonly groupWarmUpSeconds: number;
  /** For how long small requests are repeated, in seconds, and for how long before that to warm up. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** For how long pulls and pushes are mixed, in seconds a round. */
  readonly mixedSeconds: number;
  /** Over how many tags manifests are read at random. */
  readonly manyTags: readonly number[];
  /** Bytes. */
  readonly largeBlob: number;
  readonly mediumBlob: number;
  /** How many blobs of 1 MiB are pushed one after the other. */
  readonly smallBlobs: number;
  /** How many transfers run concurrently where memory is measured. */
  readonly transfers: number;
  /** Sizes of the registries that growth is measured on. */
  readonly tags: readonly number[];
  /** Requests before the first reads of a filled registry. */
  readonly firstRequests: number;
  /** Blobs for one garbage collection to collect. */
  readonly garbage: number;
  /** How often a short command is run. */
  readonly commands: number;
}

const mebibyte = 1 << 20;

/** `full` says how fast, within 40 minutes; `quick` roughly, in three, and that everything runs. */
export const scales: Readonly<Record<Scale['name'], Scale>> = {
  full: {
    name: 'full',
    rounds: 3,
    groupWarmUpSeconds: 4,
    seconds: 1.2,
    warmUpSeconds: 0.3,
    mixedSeconds: 12,
    manyTags: [1_200, 50_000],
    largeBlob: 1_024 * mebibyte,
    mediumBlob: 100 * mebibyte,
    smallBlobs: 60,
    transfers: 50,
    tags: [1_000, 10_000, 100_000, 1_000_000],
    firstRequests: 2_000,
    garbage: 1_000,
    commands: 15,
  },
  quick: {
    name: 'quick',
    rounds: 1,
    groupWarmUpSeconds: 0.2,
    seconds: 0.12,
    warmUpSeconds: 0.02,
    mixedSeconds: 1,
    manyTags: [60],
    largeBlob: 64 * mebibyte,
    mediumBlob: 10 * mebibyte,
    smallBlobs: 10,
    transfers: 20,
    tags: [1_000, 10_000],
    firstRequests: 200,
    garbage: 50,
    commands: 3,
  },
};

/** A number of bytes as it stands in the names of workloads: `1 GiB`, `100 MiB`, `4 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${bytes / 1_024 ** power} ${units[power]}`;
}
