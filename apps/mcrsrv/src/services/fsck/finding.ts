import type { FindingKind } from './kinds.ts';

/** What a finding is about, as far as that has a name. */
export interface FindingSubject {
  readonly repository?: string;
  readonly digest?: string;
  readonly locator?: string;
  readonly upload?: string;
}

/** How a repair ended. */
export interface RepairOutcome {
  /** What was done, or why nothing was. */
  readonly done: string;
  /** Whether the registry is whole now as far as this finding goes. */
  readonly settled: boolean;
}

/** Something that is wrong. */
export interface Finding extends FindingSubject {
  readonly kind: FindingKind;
  /** What exactly was found. */
  readonly detail: string;
  /** Puts it right; absent where no safe way is known. */
  readonly repair?: () => Promise<RepairOutcome>;
}

/** The outcome of a repair after which nothing is wrong any more. */
export function settled(done: string): RepairOutcome {
  return { done, settled: true };
}

/** The outcome of a repair that leaves something to a person. */
export function unsettled(done: string): RepairOutcome {
  return { done, settled: false };
}
