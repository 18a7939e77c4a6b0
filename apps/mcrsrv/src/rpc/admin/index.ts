import type { ServiceImpl } from '@connectrpc/connect';
import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import type { RpcParts } from '../parts.ts';
import { createAccount } from './create-account.ts';
import { deleteAccount } from './delete-account.ts';
import { getStatistics } from './get-statistics.ts';
import { getStorageUsage } from './get-storage-usage.ts';
import { health } from './health.ts';
import { listAccounts } from './list-accounts.ts';
import { listSnapshots } from './list-snapshots.ts';
import { snapshot } from './snapshot.ts';
import { updateAccount } from './update-account.ts';

/** Every method of the service. */
export function adminService(parts: RpcParts): ServiceImpl<typeof AdminService> {
  return {
    health: health(parts),
    snapshot: snapshot(parts),
    listSnapshots: listSnapshots(parts),
    getStatistics: getStatistics(parts),
    getStorageUsage: getStorageUsage(parts),
    listAccounts: listAccounts(parts),
    createAccount: createAccount(parts),
    updateAccount: updateAccount(parts),
    deleteAccount: deleteAccount(parts),
  };
}
