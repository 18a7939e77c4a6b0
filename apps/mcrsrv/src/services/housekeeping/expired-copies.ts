/** A file that is one of several copies. */
export interface Copy {
  readonly name: string;
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number;
}

/** How many copies are kept, and for how long in milliseconds; 0 is no limit. */
export interface CopyRetention {
  readonly keep: number;
  readonly maxAge: number;
}

/** The copies that may go, oldest first: beyond the number, or older than the age. The newest always stays. */
export function expiredCopies(copies: readonly Copy[], { keep, maxAge }: CopyRetention, now: number): Copy[] {
  const [, ...older] = copies.toSorted((left, right) => right.at - left.at || (left.name < right.name ? 1 : -1));
  return older
    .filter(({ at }, index) => (keep > 0 && index + 1 >= keep) || (maxAge > 0 && now - at > maxAge))
    .toReversed();
}
