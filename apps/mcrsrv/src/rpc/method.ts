import type { DescService } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import type { RpcParts } from './parts.ts';

/** One method of a service, in a file of its own: parses the message, calls one verb, makes a message of the result. */
export type Method<Service extends DescService, Name extends keyof Service['method']> = (
  parts: RpcParts,
) => ServiceImpl<Service>[Name];
