/** How much work a run does. */
export interface Scale {
  readonly name: 'full' | 'quick' | 'smoke';
  /** Rounds unless told otherwise. */
  readonly rounds: number;
  /** For how long small requests are repeated, in seconds, and for how long before that to warm up. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** For how long pulls and pushes are mixed, in seconds a round. */
  readonly mixedSeconds: number;
  /** Bytes. */
  readonly largeBlob: number;
  readonly mediumBlob: number;
  /** How many transfers run at once where memory is measured. */
  readonly transfers: number;
  /** Sizes of the registries that growth is measured on. */
  readonly tags: readonly number[];
  /** Blobs for one garbage collection to collect. */
  readonly garbage: number;
}

const mebibyte = 1 << 20;

/** `full` says how fast, in 25 minutes; `quick` roughly, in three; `smoke` only that everything runs. */
export const scales: Readonly<Record<Scale['name'], Scale>> = {
  full: {
    name: 'full',
    rounds: 3,
    seconds: 1.2,
    warmUpSeconds: 0.3,
    mixedSeconds: 20,
    largeBlob: 1_024 * mebibyte,
    mediumBlob: 100 * mebibyte,
    transfers: 50,
    tags: [1_000, 10_000, 100_000, 1_000_000],
    garbage: 1_000,
  },
  quick: {
    name: 'quick',
    rounds: 1,
    seconds: 0.5,
    warmUpSeconds: 0.2,
    mixedSeconds: 4,
    largeBlob: 128 * mebibyte,
    mediumBlob: 20 * mebibyte,
    transfers: 20,
    tags: [1_000, 10_000],
    garbage: 200,
  },
  smoke: {
    name: 'smoke',
    rounds: 1,
    seconds: 0.02,
    warmUpSeconds: 0,
    mixedSeconds: 0.2,
    largeBlob: 8 * mebibyte,
    mediumBlob: 2 * mebibyte,
    transfers: 4,
    tags: [1_000, 2_000],
    garbage: 10,
  },
};

/** A number of bytes as it stands in the names of workloads: `1 GiB`, `100 MiB`, `4 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${bytes / 1_024 ** power} ${units[power]}`;
}
