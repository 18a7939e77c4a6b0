import { AdminService, type Snapshot as Message } from '@mcr/rpc/mcr/v1/admin_pb';
import { type RpcClient, rpcPages } from '../../rpc/client.ts';
import { isoTime, needed } from '../../rpc/values.ts';
import type { Snapshot } from './snapshot.ts';

const { method } = AdminService;

/** AdminService.Snapshot. */
export async function createSnapshot(rpc: RpcClient): Promise<Snapshot> {
  const { snapshot } = await rpc.call(method.snapshot, {}, { to: 'take a snapshot' });
  return toSnapshot(needed(snapshot, 'snapshot'));
}

/** AdminService.ListSnapshots: newest first. */
export function listSnapshots(rpc: RpcClient, limit: number | undefined): AsyncGenerator<readonly Snapshot[]> {
  return rpcPages(limit, async (page) => {
    const { snapshots, nextPageToken } = await rpc.call(method.listSnapshots, page, { to: 'list the snapshots' });
    return { items: snapshots.map(toSnapshot), nextPageToken };
  });
}

function toSnapshot({ name, size, createdAt }: Message): Snapshot {
  return { name, size: Number(size), created_at: isoTime(createdAt) };
}
