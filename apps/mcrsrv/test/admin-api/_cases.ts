import type { Doors, Who } from '../_util/doors.ts';
import type { Refusal, RpcCall } from '../_util/outcomes.ts';

/** A REST call: method, path, JSON body. */
export type RestCall = readonly [method: string, path: string, body?: unknown];

type Data = ReturnType<typeof JSON.parse>;

/** One thing to be done by either door, and how it ends by both. Cases run in order, each on what the ones before left. */
export interface Case {
  readonly name: string;
  /** `admin` unless told. */
  readonly as?: Who;
  readonly rest: RestCall | ((doors: Doors) => RestCall);
  readonly rpc: RpcCall | ((doors: Doors) => RpcCall);
  /** What the door's data is compared as; the whole of it unless told. */
  readonly restView?: (data: Data) => unknown;
  readonly rpcView?: (data: Data) => unknown;
  /** Absent when it succeeds. */
  readonly refused?: Refusal;
  /** What the data must contain beside being equal. */
  readonly data?: object;
}

/** For lists: the items, whatever the door calls them. */
export const items = (name: string) => ({
  restView: (data: Data): unknown => (Array.isArray(data) ? data : data[name]),
  rpcView: (data: Data): unknown => data[name],
});

/** For methods that wrap what they answer with. */
export const wrapped = (name: string) => ({ rpcView: (data: Data): unknown => data[name] });
