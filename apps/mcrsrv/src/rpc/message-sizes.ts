import type { DescMethod } from '@bufbuild/protobuf';
import { accessOf } from '../admin/access.ts';

/** The largest message, a policy rule, stays below a quarter of this, also when it is not compressed. */
const maxMessageSize = 1024 * 1024;
/** Bytes in a message of who has not logged in: it has a name and a password. */
export const maxPublicMessageSize = 16 * 1024;

/** Bytes in the request of a method, when it is not compressed any more. */
export function maxMessageSizeOf(method: DescMethod): number {
  return accessOf(method).role === 'public' ? maxPublicMessageSize : maxMessageSize;
}
