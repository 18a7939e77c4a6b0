import { requireAdmin } from './admin/require-admin.ts';
import type { Caller } from './caller.ts';
import type { ServiceContext } from './context.ts';

/** How many bytes are stored, and how many they would be if repositories shared none. */
export interface StorageUsage {
  readonly storedBytes: number;
  readonly referencedBytes: number;
}

/** How many bytes are stored. Admin only. */
export async function getStorageUsage(context: ServiceContext, caller: Caller): Promise<StorageUsage> {
  await requireAdmin(context, caller, 'read statistics');
  const [{ blobBytes }, referencedBytes] = await Promise.all([
    context.store.statistics(),
    context.store.referencedBytes(),
  ]);
  return { storedBytes: blobBytes, referencedBytes };
}
