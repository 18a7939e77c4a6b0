import type { AdminApi, Who } from '../_util/admin-api.ts';
import type { Rejection, RpcCall } from '../_util/outcomes.ts';

type Data = ReturnType<typeof JSON.parse>;

/** One call of the admin API, and how it ends over every transport. Steps run in order, each on what those before left. */
export interface Step {
  readonly name: string;
  /** Default: `admin`. */
  readonly as?: Who;
  readonly call: RpcCall | ((registry: AdminApi) => RpcCall);
  /** The part of the response that every transport has; default: the whole of it. */
  readonly view?: (data: Data) => unknown;
  /** Absent when it succeeds. */
  readonly rejected?: Rejection;
  /** What the response must contain, beside being the same over every transport. */
  readonly data?: object;
}
