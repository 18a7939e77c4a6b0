import { randomUUID } from 'node:crypto';

/**
 * What is known of a request or an RPC, without its bytes; filled in while it is handled, and read by log and metrics
 * at its end.
 */
export interface RequestRecord {
  readonly id: string;
  /** Address of the client. */
  readonly ip: string;
  readonly startedAt: number;
  /** Name of the account, once known. */
  actor?: string;
  /** Route template such as `/v2/:name/manifests/:reference`; never the path itself. */
  route?: string;
  /** The client waits for `100 Continue` before it sends the body. */
  awaitsContinue: boolean;
  /** Bytes of the body that were received, whatever the encoding. */
  bytesIn: number;
  /** The request had no credentials, so a 401 is only a challenge. */
  challenged?: boolean;
  /** The scope of a token request. */
  requested?: { readonly scope?: string; readonly service?: string };
  /** Bytes of the body that were sent if it was streamed; otherwise its length is in the header. */
  bytesOut?: number;
  /** Outcome of an RPC: `ok` or the name of its error code. */
  code?: string;
  /** Cause of a 5xx, for the log. */
  error?: unknown;
}

const records = new WeakMap<object, RequestRecord>();

/** Begins the record of a request. */
export function openRecord(
  incoming: object,
  begun: Pick<RequestRecord, 'ip' | 'awaitsContinue' | 'startedAt'>,
): RequestRecord {
  const record: RequestRecord = { id: randomUUID(), ...begun, bytesIn: 0 };
  records.set(incoming, record);
  return record;
}

/** Returns the record of a request that came through the listener. */
export function recordOf(incoming: object): RequestRecord {
  const record = records.get(incoming);
  if (record === undefined) throw new Error('The request did not come through the listener');
  return record;
}
