import { Agent } from 'node:https';
import { adminApi } from '@mcr/rpc/api';
import type { Io } from '../cli/io.ts';
import { explainConnectionError, explainTimeout } from '../failures/connection.ts';
import { identify } from '../failures/identify.ts';
import { explainMisunderstanding } from '../failures/misunderstanding.ts';
import { explainRestRejection } from '../failures/rest-rejection.ts';
import { requireToken } from '../settings/required.ts';
import type { Settings } from '../settings/settings.ts';
import type { Target } from '../settings/target.ts';
import { bindRequest, unbindResponse } from './binding.ts';
import type { Transport } from './client.ts';
import { exchange } from './exchange.ts';

/** The API over REST, as the protos bind it: HTTP/1.1 over TLS 1.3. */
export function createRest(target: Target, settings: Settings, io: Io): Transport {
  const agent = new Agent({ keepAlive: true });
  return {
    async send(method, input, about) {
      const { access, http } = adminApi.methods[`${method.parent.typeName}.${method.name}`]!;
      const isPublic = access.role === 'public';
      const request = bindRequest(http, input);
      const token = isPublic ? undefined : requireToken(settings, io.clock.now());
      const deadline = AbortSignal.timeout(target.timeout);
      const received = await exchange(target, { ...request, token }, agent, deadline).catch((error: unknown) => {
        throw deadline.aborted ? explainTimeout(target) : explainConnectionError(error, target);
      });
      const misunderstanding = async () => explainMisunderstanding(target, await identify(target), about.to);
      const isFine = (received.status >= 200 && received.status < 300) || received.status === http.otherStatus;
      if (!isFine) {
        const rejection = explainRestRejection(received, { ...about, ...request, isPublic }, settings);
        throw rejection ?? (await misunderstanding());
      }
      if (received.status === 204) return {};
      const response = unbindResponse(http, method.output, received.body);
      if (response === undefined) throw await misunderstanding();
      if (http.page === undefined) return response;
      return { ...response, next_page_token: nextToken(received.link, target.address, http.page.cursor) };
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/**
 * Where the next page begins: the parameter `cursor` of the link to it (RFC 8288), empty at the end. A link that leads to
 * another server counts as none.
 */
export function nextToken(link: string | undefined, server: string, cursor: string): string {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  const url = target === undefined ? null : URL.parse(target, server);
  return url?.origin === server ? (url.searchParams.get(cursor) ?? '') : '';
}
