import type { ConnectError, Interceptor } from '@connectrpc/connect';
import type { RequestRecord } from '@mcr/server-kit';
import { toConnectError } from '../../errors/connect.ts';
import { isServerFault } from '../../errors/forms.ts';
import { callRecord } from '../call.ts';

/** What the client sees of an error. One that is not the client's fault goes to the log, with its cause. */
export function connectErrorOf(error: unknown, record: RequestRecord): ConnectError {
  const rendered = toConnectError(error, record.id);
  if (rendered !== error && isServerFault(error)) record.error = error;
  return rendered;
}

/** Turns whatever a method throws, now or while its response streams, into what the client may see. */
export const errors: Interceptor = (next) => async (request) => {
  const record = callRecord({ values: request.contextValues });
  try {
    const response = await next(request);
    return response.stream ? { ...response, message: withErrors(response.message, record) } : response;
  } catch (error) {
    throw connectErrorOf(error, record);
  }
};

async function* withErrors<Message>(messages: AsyncIterable<Message>, record: RequestRecord): AsyncGenerator<Message> {
  try {
    yield* messages;
  } catch (error) {
    throw connectErrorOf(error, record);
  }
}
