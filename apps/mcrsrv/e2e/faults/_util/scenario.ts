import type { Row } from './observation.ts';

/** Faults that are tried on one registry. */
export interface Scenario {
  readonly name: string;
  /** Programs that it needs, and root with them. */
  readonly tools: readonly string[];
  /** Tries the faults; throws when the registry loses something or does not recover. */
  readonly run: () => Promise<readonly Row[]>;
}
