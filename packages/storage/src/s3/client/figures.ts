/** What happened to a call: it succeeded, the server said no, or the server failed or was not to be reached. */
export type S3Outcome = 'ok' | 'rejected' | 'failed';

/** The calls that a store makes. */
export type S3Operation =
  | 'put'
  | 'get'
  | 'head'
  | 'delete'
  | 'list'
  | 'create_multipart'
  | 'put_part'
  | 'complete_multipart'
  | 'abort_multipart'
  | 'list_multipart';

/** What a client has done so far, for metrics. */
export class S3Figures {
  readonly calls: { readonly operation: S3Operation; readonly outcome: S3Outcome; count: number }[] = [];
  readonly retries: { readonly operation: S3Operation; count: number }[] = [];
  bytesSent = 0;
  bytesReceived = 0;

  /** Counts an attempt that has ended. */
  called(operation: S3Operation, outcome: S3Outcome): void {
    const entry = this.calls.find((known) => known.operation === operation && known.outcome === outcome);
    if (entry === undefined) this.calls.push({ operation, outcome, count: 1 });
    else entry.count += 1;
  }

  /** Counts an attempt that follows a failed one. */
  retried(operation: S3Operation): void {
    const entry = this.retries.find((known) => known.operation === operation);
    if (entry === undefined) this.retries.push({ operation, count: 1 });
    else entry.count += 1;
  }
}
