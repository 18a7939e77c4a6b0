import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { createCall } from '../admin/call.ts';
import type { Operation } from '../admin/operation.ts';
import { type PageRequest, pageOf } from '../admin/page.ts';
import type { ServiceContext } from '../services/context.ts';
import { callerIfAny, callRecord, type RunContext, tokenOf } from './call.ts';

/** Does what a call asks for that has passed the gate. Throws what the operation throws. */
export async function runOperation(
  operation: Operation,
  services: ServiceContext,
  request: MessageShape<DescMessage>,
  context: RunContext,
): Promise<MessageShape<DescMessage>> {
  const caller = callerIfAny(context);
  const call = createCall({
    caller,
    ip: callRecord(context).ip,
    token: caller && tokenOf(context),
    signal: () => context.signal,
    page: operation.options.http.page && pageOf(request as PageRequest),
  });
  return await operation.run(services, call, request);
}
