import type { ServiceImpl } from '@connectrpc/connect';
import type { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import type { RpcParts } from '../parts.ts';
import { check } from './check.ts';
import { list } from './list.ts';
import { watch } from './watch.ts';

/** Every method of the service. */
export function healthService(parts: RpcParts): ServiceImpl<typeof Health> {
  return {
    check: check(parts),
    list: list(parts),
    watch: watch(parts),
  };
}
