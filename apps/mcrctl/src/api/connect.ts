import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { fromJson, toJson } from '@mcr/rpc';
import type { Io } from '../cli/io.ts';
import { explainRpcError } from '../failures/rpc-failure.ts';
import { requireToken } from '../settings/required.ts';
import type { Settings } from '../settings/settings.ts';
import type { Target } from '../settings/target.ts';
import type { Transport } from './client.ts';
import { maxBodyLength } from './exchange.ts';

/** The API over Connect (https://connectrpc.com/docs/protocol): HTTP/2 over TLS 1.3. */
export function createConnect(target: Target, settings: Settings, io: Io): Transport {
  const sessionManager = new Http2SessionManager(target.address, {}, { ca: target.ca, minVersion: 'TLSv1.3' });
  const options = { baseUrl: target.address, httpVersion: '2', sessionManager, readMaxBytes: maxBodyLength } as const;
  const transport = createConnectTransport(options);
  return {
    async send(method, input, about) {
      const { message, problems } = fromJson(method.input, input);
      const [first] = problems;
      // User input was validated before.
      if (first !== undefined) throw new Error(`${method.name}: ${first.field} ${first.problem}`);
      const headers = { authorization: `Bearer ${requireToken(settings, io.clock.now())}` };
      try {
        const response = await transport.unary(method, target.cancelled, target.timeout, headers, message);
        return toJson(method.output, response.message);
      } catch (error) {
        throw await explainRpcError(error, about, target, settings);
      }
    },
    [Symbol.dispose]: () => sessionManager.abort(),
  };
}
