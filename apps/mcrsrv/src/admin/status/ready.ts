import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { checkReadiness } from '../../services/health/ready.ts';
import { operation } from '../operation.ts';

/** Whether the registry can do its work; over REST, 503 with the part that cannot. Degraded is 200. */
export const ready = operation(
  AdminService.method.ready,
  async (services) => {
    const { ready: isReady, degraded, checks } = await checkReadiness(services);
    const status = degraded ? 'degraded' : 'ready';
    return { status: isReady ? status : 'unavailable', checks };
  },
  { isOther: ({ status }) => status === 'unavailable' },
);
