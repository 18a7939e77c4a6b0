import { sorted } from '../actor/world.ts';
import { expectNothingLeft, pullEverything } from './aftermath.ts';
import { type FireOptions, rage, startPlace } from './fire.ts';

/** What happened. */
export interface FireReport {
  readonly seed: string;
  readonly seconds: number;
  /** What happened how often. */
  readonly counts: Readonly<Record<string, number>>;
  /** What must not have happened, as text. */
  readonly violations: readonly string[];
}

/** Puts garbage collection under fire, and looks at what is left afterwards. */
export async function underFire(options: FireOptions): Promise<FireReport> {
  const { seconds, seed } = options;
  await using place = await startPlace(seed, undefined, options);
  const { world } = place.connection;
  await rage(place, options);
  await pullEverything(place);
  await expectNothingLeft(place);
  return { seed, seconds, counts: sorted(world.counts), violations: world.violations };
}
