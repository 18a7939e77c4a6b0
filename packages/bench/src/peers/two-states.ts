import type { Group } from '../workload.ts';
import type { Build } from './build.ts';
import { mcrWith, thisBuild } from './mcr.ts';
import type { Contender } from './peer.ts';

/** The contenders of a group that compares MCR in a first state with itself in a second one. */
export interface TwoStates extends Pick<Group, 'contenders' | 'comparisons'> {
  readonly isInFirst: (peer: Pick<Contender, 'name'>) => boolean;
}

/**
 * Starts this build, and each of the others, once for each state, all with the same settings. A state of this build is
 * also compared with the same state of the others.
 */
export function twoStates(
  [first, second]: readonly [string, string],
  settings: Readonly<Record<string, string>>,
  builds: readonly Build[],
): TwoStates {
  const named = ({ name }: Pick<Build, 'name'>, state: string): string => `${name}, ${state}`;
  const all = [thisBuild, ...builds];
  const isFirst = new Set(all.map((build) => named(build, first)));
  return {
    contenders: all.flatMap((build) =>
      [first, second].map((state) => mcrWith(named(build, state), settings, build.bundle)),
    ),
    comparisons: [
      [named(thisBuild, first), named(thisBuild, second)],
      ...builds.flatMap((build) =>
        [first, second].map((state) => [named(thisBuild, state), named(build, state)] as const),
      ),
    ],
    isInFirst: ({ name }) => isFirst.has(name),
  };
}
