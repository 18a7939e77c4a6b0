import { buildImage, seededBytes } from '@mcr/testkit';
import type { Pushable } from '../model/ledger.ts';
import { Random } from '../random.ts';
import { buildLargeIndex } from './images.ts';

const images = 14;
/** A repository that has this index, and is deleted, goes in several transactions. */
const entriesOfIndex = 900;
const layers = 10;
const largestLayer = 48 * 1024;
/** More than one write of an upload. */
const largeLayer = 2_500_000;

/** The images that all clients push, the same for the same seed; they share layers, and some have sha512 digests. */
export async function makeImages(seed: string): Promise<readonly Pushable[]> {
  const random = new Random(`${seed} images`);
  const pool = Array.from({ length: layers }, (_, n) =>
    seededBytes(`${seed} layer ${n}`, n === 0 ? largeLayer : 1 + random.below(largestLayer)),
  );
  const built: Pushable[] = [];
  for (let n = 0; n < images; n += 1) {
    const own = Array.from({ length: 1 + random.below(3) }, () => random.pick(pool));
    const algorithm = n % 7 === 6 ? 'sha512' : 'sha256';
    built.push(await buildImage({ layers: own, annotations: { number: String(n) }, algorithm }));
  }
  built.push(buildLargeIndex(entriesOfIndex, seed));
  return built;
}
