import type { Operation } from '../operation.ts';

/** Idempotent: closing a closed database does nothing. */
export const close: Operation<'close'> =
  ({ close }) =>
  () =>
    close();
