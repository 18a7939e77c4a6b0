import type { ConnectError, Interceptor } from '@connectrpc/connect';
import type { RequestRecord } from '@mcr/server-kit';
import { toConnectError } from '../../errors/connect.ts';
import { isServerFault } from '../../errors/forms.ts';
import { callRecord } from '../call.ts';

/** What the client sees of an error. One that is not the client's fault goes to the log, with its cause. */
export function refusalOf(error: unknown, record: RequestRecord): ConnectError {
  const refusal = toConnectError(error, record.id);
  if (refusal !== error && isServerFault(error)) record.error = error;
  return refusal;
}

/** Turns whatever a method throws, now or while its answer streams, into what the client may see. */
export const errors: Interceptor = (next) => async (request) => {
  const record = callRecord({ values: request.contextValues });
  try {
    const response = await next(request);
    return response.stream ? { ...response, message: refusing(response.message, record) } : response;
  } catch (error) {
    throw refusalOf(error, record);
  }
};

async function* refusing<Message>(messages: AsyncIterable<Message>, record: RequestRecord): AsyncGenerator<Message> {
  try {
    yield* messages;
  } catch (error) {
    throw refusalOf(error, record);
  }
}
