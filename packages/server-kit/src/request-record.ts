import { randomUUID } from 'node:crypto';

/** What is known of a request, or of an RPC, beside its bytes; filled in as it is handled, read by log and metrics at its end. */
export interface RequestRecord {
  readonly id: string;
  /** Address of the client. */
  readonly ip: string;
  readonly startedAt: number;
  /** Name of the account, once it is known. */
  actor?: string;
  /** Route template such as `/v2/:name/manifests/:reference`; never the path itself. */
  route?: string;
  /** The client waits for `100 Continue` before it sends the body. */
  awaitsContinue: boolean;
  /** Bytes of the body that were received, however they came. */
  bytesIn: number;
  /** It carried no credentials, so that a 401 only asks for some. */
  challenged?: boolean;
  /** What a request for a token asked it to be for. */
  requested?: { readonly scope?: string; readonly service?: string };
  /** Bytes of the body that were sent, where it went out in pieces; otherwise it is as long as its header says. */
  bytesOut?: number;
  /** How an RPC ended: `ok` or the name of its error code. */
  code?: string;
  /** Why the request ended with a 5xx, for the log. */
  error?: unknown;
}

const records = new WeakMap<object, RequestRecord>();

/** Begins the record of a request. */
export function openRecord(incoming: object, ip: string, awaitsContinue: boolean): RequestRecord {
  const record: RequestRecord = { id: randomUUID(), ip, startedAt: performance.now(), awaitsContinue, bytesIn: 0 };
  records.set(incoming, record);
  return record;
}

/** The record of a request that came through the listener. */
export function recordOf(incoming: object): RequestRecord {
  const record = records.get(incoming);
  if (record === undefined) throw new Error('The request did not come through the listener');
  return record;
}
