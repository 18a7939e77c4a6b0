import { type DescMethodUnary, type JsonValue, type MessageInitShape, toJson } from '@bufbuild/protobuf';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';

/** How a call ended, whichever transport it took: data in the names of the REST API, or the kind of error. */
export type Outcome = { readonly data: unknown } | { readonly rejected: Rejection };

export type Rejection =
  | 'invalid'
  | 'unauthenticated'
  | 'denied'
  | 'missing'
  | 'conflict'
  | 'unsupported'
  | 'exhausted'
  | 'unavailable';

const byCode: Readonly<Partial<Record<Code, Rejection>>> = {
  [Code.InvalidArgument]: 'invalid',
  [Code.Unauthenticated]: 'unauthenticated',
  [Code.PermissionDenied]: 'denied',
  [Code.NotFound]: 'missing',
  [Code.AlreadyExists]: 'conflict',
  [Code.Unimplemented]: 'unsupported',
  [Code.ResourceExhausted]: 'exhausted',
  [Code.Unavailable]: 'unavailable',
};

/** One unary call, to be made over any transport. */
export interface RpcCall {
  readonly method: DescMethodUnary;
  send(transport: Transport): Promise<Outcome>;
}

/** Describes a call by its method and message. */
export function rpcCall<M extends DescMethodUnary>(method: M, input: MessageInitShape<M['input']>): RpcCall {
  const send: RpcCall['send'] = async (transport) => {
    try {
      const { message } = await transport.unary(method, undefined, undefined, undefined, input);
      return { data: normal(toJson(method.output, message, { useProtoFieldName: true, alwaysEmitImplicit: true })) };
    } catch (error) {
      const rejected = byCode[ConnectError.from(error).code];
      if (rejected === undefined) throw error;
      return { rejected };
    }
  };
  return { method, send };
}

/** Fields of 64 bits, which protobuf's JSON writes as text. */
const wide: ReadonlySet<string> = new Set([
  'size',
  'total_size',
  'bytes',
  'bytes_freed',
  'blob_bytes',
  'rule_id',
  'unique_size',
  'freed_bytes',
  'referenced_bytes',
  'pushes',
  'pulls',
  'denials',
]);
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;
const token = /^ey[\w-]+\.[\w-]+\.[\w-]+$/;

/** One spelling for numbers and times; what is random is masked. */
function normal(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => normal(item, field));
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value as Record<string, JsonValue>).filter(([, item]) => item !== undefined);
    return Object.fromEntries(fields.map(([name, item]) => [name, normal(item, name)]));
  }
  if (typeof value !== 'string') return value;
  if (wide.has(field) || (field === 'id' && /^-?\d+$/.test(value))) return Number(value);
  if (time.test(value)) return new Date(value).toISOString();
  return token.test(value) ? 'TOKEN' : value.replaceAll(uuid, 'UUID');
}
