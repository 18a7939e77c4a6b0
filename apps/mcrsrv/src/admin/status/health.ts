import { commit, version } from '@mcr/core';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { operation } from '../operation.ts';

/** The process is up. */
export const health = operation(AdminService.method.health, ({ endpoint, signIns }) => ({
  status: 'ok',
  version,
  commit,
  publicUrl: endpoint.publicUrl,
  port: endpoint.port,
  signInProviders: [...signIns.providers.values()].map(({ name, title }) => ({ name, title })),
}));
