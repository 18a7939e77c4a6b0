import type { Readiness } from '@mcr/server-kit';
import type { WebContext } from '../context.ts';

/** A supervisor waits a few seconds at most; a registry that works says so in milliseconds. */
const timeoutMs = 2_000;

/** Whether pages could be made now: the registry responds at `web.grpc_addr`, and says that its own parts work. */
export async function checkReadiness({ registry, log }: Pick<WebContext, 'registry' | 'log'>): Promise<Readiness> {
  try {
    const { status, checks } = await registry.admin.ready({}, { timeoutMs });
    return { ready: status === 'ready', checks: { registry: 'ok', ...checks } };
  } catch (error) {
    log.warn({ err: error }, 'registry did not answer a readiness check');
    return { ready: false, checks: { registry: 'failed' } };
  }
}
