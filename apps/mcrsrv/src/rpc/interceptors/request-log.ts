import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import type { RequestRecord } from '@mcr/server-kit';
import { callRecord } from '../call.ts';

/** Notes how a call ended; the listener writes its line once the last byte has left. */
export const requestLog: Interceptor = (next) => async (request) => {
  const record = callRecord({ values: request.contextValues });
  try {
    const response = await next(request);
    if (response.stream) return { ...response, message: noting(response.message, record) };
    record.code = 'ok';
    return response;
  } catch (error) {
    noteFailure(record, error);
    throw error;
  }
};

/** Notes that a call failed, with the code that the client gets. */
export function noteFailure(record: RequestRecord, error: unknown): void {
  record.code = codeToString(ConnectError.from(error, Code.Internal).code);
}

async function* noting<Message>(messages: AsyncIterable<Message>, record: RequestRecord): AsyncGenerator<Message> {
  // What a reader that leaves early does not get to see.
  record.code = codeToString(Code.Canceled);
  try {
    yield* messages;
    record.code = 'ok';
  } catch (error) {
    noteFailure(record, error);
    throw error;
  }
}
