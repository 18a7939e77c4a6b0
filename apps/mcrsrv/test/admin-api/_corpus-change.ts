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
  /** Makes the response of now from the one on record, or from what earlier entries made of it. */
  readonly now?: (recorded: RecordedResponse) => object;
  /** The response is not compared any more. Of a step it is the only change. */
  readonly compared?: false;
  /**
   * The text of the error as it is now, and of each problem in its detail with the field before it, when nothing else is
   * different: whole, or what to put in place of what. Applied in the order of the list.
   */
  readonly error?: string | Rewording;
  /** The detail of the error as it is now. */
  readonly detail?: unknown;
}

/** Text to put in place of another, as `String.replaceAll` takes it. */
export interface Rewording {
  readonly from: string | RegExp;
  readonly to: string | ((...match: string[]) => string);
}

/** The parts that a response on record may have: over REST and Connect, and in any protocol. */
export interface RecordedResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: RecordedBody;
  readonly message?: object;
  readonly error?: RecordedBody;
}

/** A body; that of an error has a text. */
export interface RecordedBody {
  /** The text in REST. */
  readonly error?: string;
  /** The text in the RPCs. */
  readonly message?: string;
  readonly detail?: unknown;
}
