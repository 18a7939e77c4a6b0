import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import type { Io } from '../cli/io.ts';
import { requireToken } from '../settings/required.ts';
import type { Settings } from '../settings/settings.ts';
import { targetOf } from '../settings/target.ts';
import { explainRpcError, type RpcCall } from './failure.ts';

/** A message with a page of items and the way to the next one. */
interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string;
}

/** The gRPC API of one registry. Everything it throws is a CliError. */
export interface RpcClient extends Disposable {
  /** Calls a method, with the token. */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    about: RpcCall,
  ): Promise<MessageShape<O>>;
}

/** A client as the settings say, over HTTP/2 and TLS 1.3; throws a usage error when they name no usable server. */
export function createRpcClient(settings: Settings, io: Io): RpcClient {
  const target = targetOf(settings, '--grpc', io);
  const sessionManager = new Http2SessionManager(target.address, {}, { ca: target.ca, minVersion: 'TLSv1.3' });
  const transport = createGrpcTransport({ baseUrl: target.address, sessionManager });
  return {
    async call(method, input, about) {
      const headers = { authorization: `Bearer ${requireToken(settings, io.clock.now())}` };
      try {
        return (await transport.unary(method, target.cancelled, target.timeout, headers, input)).message;
      } catch (error) {
        throw await explainRpcError(error, about, target, settings);
      }
    },
    [Symbol.dispose]: () => sessionManager.abort(),
  };
}

/** A list, page by page, at most `limit` items. */
export async function* rpcPages<T>(
  limit: number | undefined,
  fetch: (page: { readonly pageSize: number; readonly pageToken: string }) => Promise<Page<T>>,
): AsyncGenerator<readonly T[]> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let pageToken: string | undefined = '';
  while (pageToken !== undefined && left > 0) {
    const { items, nextPageToken }: Page<T> = await fetch({ pageSize: Math.min(left, pageSize), pageToken });
    yield items.slice(0, left);
    left -= items.length;
    pageToken = nextPageToken || undefined;
  }
}

/** Items of one call: few calls for long lists, and soon something to see. */
const pageSize = 200;
