import type { StorageSample } from '@mcr/db';

/** How what is in use changes, by a straight line through the samples of the last days. */
export interface Growth {
  readonly state: 'growing' | 'steady' | 'shrinking' | 'unknown';
  /** Days until there are enough samples. */
  readonly daysMissing: number;
  readonly bytesPerDay?: number;
  /** When there is no room any more, in milliseconds since the epoch. */
  readonly fullAt?: number;
}

const dayMs = 86_400_000;
/** Older growth says little about what comes. */
const daysBehind = 30;
/** A single large push is no trend. */
const daysNeeded = 7;
/** Beyond that a date means nothing. */
const daysAhead = 3_650;
/** A change by less than this share of what is in use, within 30 days, is none. */
const noise = 0.001;

/** What samples, oldest first, say about the future; `room` is how many bytes may still be written, if that is bounded. */
export function growthOf(samples: readonly StorageSample[], room: number | undefined, now: number): Growth {
  const today = now / dayMs;
  const recent = samples.filter(({ day }) => day > today - daysBehind);
  const [first, last] = [recent.at(0), recent.at(-1)];
  const span = first === undefined || last === undefined ? 0 : last.day - first.day;
  if (last === undefined || span < daysNeeded) return { state: 'unknown', daysMissing: daysNeeded - span };
  const bytesPerDay = Math.round(slopeOf(recent));
  const state = stateOf(bytesPerDay, bytesOf(last));
  const days = room === undefined || state !== 'growing' ? Number.POSITIVE_INFINITY : Math.max(0, room) / bytesPerDay;
  return { state, daysMissing: 0, bytesPerDay, ...(days <= daysAhead && { fullAt: Math.round(now + days * dayMs) }) };
}

function stateOf(bytesPerDay: number, bytes: number): Growth['state'] {
  if (Math.abs(bytesPerDay) * daysBehind <= bytes * noise) return 'steady';
  return bytesPerDay > 0 ? 'growing' : 'shrinking';
}

function bytesOf({ usedBytes, storedBytes }: StorageSample): number {
  return usedBytes ?? storedBytes;
}

/** Bytes a day, by least squares. */
function slopeOf(samples: readonly StorageSample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(samples.map(({ day }) => day));
  const level = mean(samples.map(bytesOf));
  const covariance = mean(samples.map((sample) => (sample.day - middle) * (bytesOf(sample) - level)));
  return covariance / mean(samples.map(({ day }) => (day - middle) ** 2));
}
