/**
 * A difference from the recordings that is meant. The recordings stay as they are: they say what the admin API did before
 * it was generated from the protos.
 */
export interface Change {
  /** Names of steps as `subject: step`, or a pattern of such names. */
  readonly steps: readonly string[] | RegExp;
  /** Why this is no mistake, in a sentence. */
  readonly why: string;
  /** The response as it is now, in the form of the recording. Of a step it is the only change. */
  readonly response?: object;
  /**
   * The text of the error as it is now, and of each problem in its detail, when nothing else is different: whole, or what
   * to put in place of what. Applied in the order of the list.
   */
  readonly error?: string | { readonly from: string | RegExp; readonly to: string };
  /** The detail of the error as it is now. */
  readonly detail?: unknown;
}

/** Every difference that is meant. An entry that covers no step, or makes no difference to one, fails the test. */
export const changes: readonly Change[] = [];

/** Routes, as `GET /v1/…` in OpenAPI's form, and RPCs, as `service/Method`, that are newer than the recordings. */
export const newer: readonly string[] = [];
