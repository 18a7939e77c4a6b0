import type { Readiness } from '@mcr/server-kit';
import type { WebContext } from '../context.ts';

/** A supervisor waits a few seconds at most; a working registry responds within milliseconds. */
const timeoutMs = 2_000;

/** Whether pages can be served: the registry responds at `web.grpc_addr`, and reports that it is ready. */
export async function checkReadiness({ registry, log }: Pick<WebContext, 'registry' | 'log'>): Promise<Readiness> {
  try {
    const { status, checks } = await registry.admin.ready({}, { timeoutMs });
    return { ready: status !== 'unavailable', checks: { registry: 'ok', ...checks } };
  } catch (error) {
    log.warn({ err: error }, 'registry did not respond a readiness check');
    return { ready: false, checks: { registry: 'failed' } };
  }
}
