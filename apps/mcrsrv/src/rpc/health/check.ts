import { RegistryError } from '@mcr/core';
import type { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import type { Method } from '../method.ts';
import { healthNames, servingStatus } from './services.ts';

export const check: Method<typeof Health, 'check'> =
  ({ stopping }) =>
  ({ service }) => {
    if (!healthNames.includes(service)) throw new RegistryError('NOT_FOUND', 'There is no such service');
    return { status: servingStatus(stopping) };
  };
