import type { Http2ServerRequest } from 'node:http2';
import { createDeadlineSignal, createLinkedAbortController } from '@connectrpc/connect/protocol';

/** Aborted when the stream of the call closes, and after so many milliseconds. */
export function untilGone({ stream }: Http2ServerRequest, timeoutMs: number | undefined): AbortSignal {
  const deadline = createDeadlineSignal(timeoutMs);
  const gone = createLinkedAbortController(deadline.signal);
  const end = (): void => {
    deadline.cleanup();
    gone.abort();
  };
  if (stream.destroyed) end();
  else stream.once('close', end);
  return gone.signal;
}
