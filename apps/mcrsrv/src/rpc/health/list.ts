import type { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import type { Method } from '../method.ts';
import { healthNames, servingStatus } from './services.ts';

export const list: Method<typeof Health, 'list'> =
  ({ stopping }) =>
  () => ({ statuses: Object.fromEntries(healthNames.map((name) => [name, { status: servingStatus(stopping) }])) });
